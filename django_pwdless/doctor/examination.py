"""Going through the entries: a cause one line, and a crash nothing but its own line."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .case import Case
from .entry import Entry
from .line import CANNOT_TELL, UNKNOWN, WRONG, CannotTell, Finding, Line


def examine(entries: Iterable[Entry], case: Case, progress: Callable[[str], None]) -> list[Line]:
    """Return the lines of all entries that concern this site, in order.

    ``progress`` is told each id before its probe looks.
    """
    for entry in entries:
        if _concerns(entry):
            progress(entry.id)
            lines = _examined(entry, case)
            case.lines.update({line.id: line for line in lines})
    return list(case.lines.values())


def exit_status(case: Case) -> int:
    """Return 3 where the tenant cannot be reached, 1 where something is wrong, else 0."""
    if case.is_unreachable:
        return 3
    return int(any(line.status == WRONG for line in case.lines.values()))


def _concerns(entry: Entry) -> bool:
    try:
        return entry.applies()
    except Exception:  # settings that cannot be read have a line of their own
        return False


def _examined(entry: Entry, case: Case) -> list[Line]:
    cause = next((case.blocked[name] for name in entry.needs if name in case.blocked), None)
    if cause is not None:
        case.blocked[entry.id] = cause
        return [entry.line(UNKNOWN, f"Needs {cause}.", CANNOT_TELL)]
    try:
        found = entry.probe(case)
    except CannotTell as reason:
        return [entry.line(UNKNOWN, str(reason), CANNOT_TELL)]
    except Exception as error:
        # What needs this line could be unsafe without it. The error's text may hold anything.
        case.blocked[entry.id] = entry.id
        text = f"The doctor stumbled here ({type(error).__name__}). Please report it."
        return [entry.line(UNKNOWN, text, CANNOT_TELL)]
    lines = [_line(entry, found)] if isinstance(found, Finding) else found
    for line in lines:
        if line.status == WRONG:
            case.blocked.setdefault(entry.id, line.id)
    return lines


def _line(entry: Entry, found: Finding) -> Line:
    return entry.line(found.status, found.text, found.certainty, found.where)
