"""The lines as a table for people, and as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence

from .line import CANNOT_TELL, OK, SURE, UNKNOWN, WARN, WRONG, Line

#: The order in which statuses are counted.
STATUSES = (WRONG, WARN, UNKNOWN, OK)
Style = Callable[[str, str], str]


def as_json(lines: Sequence[Line]) -> str:
    """Return ``{"lines": [...]}``."""
    return json.dumps({"lines": [line.to_wire() for line in lines]}, indent=2)


def as_table(lines: Sequence[Line], style: Style) -> str:
    """Return a row a line, then the counts and the first thing to do.

    ``style`` colours a status: ``style(status, text)``.
    """
    width = max((len(line.id) for line in lines), default=0)
    rows = [_row(line, width, style) for line in lines]
    return "\n".join([*rows, "", _summary(lines)])


def _row(line: Line, width: int, style: Style) -> str:
    mark = style(line.status, f"{line.status:7}")
    place = _place(line)
    certainty = "" if line.certainty == SURE and line.status == OK else f" ({line.certainty})"
    return f"{mark}  {line.id:{width}}  {line.text}{place}{certainty}"


def _place(line: Line) -> str:
    """Return where to change it, or where to look; nothing where all is well."""
    if line.status == OK:
        return ""
    if line.where:
        word = "Look: " if line.certainty == CANNOT_TELL else ""
        return f" {word}{line.where}."
    return f" Setting: {line.setting}." if line.setting and line.status != WARN else ""


def _summary(lines: Sequence[Line]) -> str:
    counts = Counter(line.status for line in lines)
    words = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
    first = next((line for line in lines if line.status == WRONG), None)
    first = first or next((line for line in lines if line.status == WARN), None)
    if first is None:
        return f"{words}."
    return f"{words}. First: {first.id}. {first.text}{_place(first)}"


def plain(text: str, encoding: str | None) -> str:
    """Return the text as the terminal can show it: ASCII where it is not UTF-8."""
    if (encoding or "utf-8").lower().replace("-", "").replace("_", "") == "utf8":
        return text
    return text.replace("…", "...").encode("ascii", "backslashreplace").decode("ascii")
