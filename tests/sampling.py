"""Long tables of what goes one way: all rows in ``make test-all``, some in ``make test``."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

#: Rows of one table in ``make test``. With other versions (tox.ini) one of them is enough.
LONG = int(os.environ.get("PWDLESS_ROWS") or 6)


def sampled(rows: Iterable[Any], every: int) -> list[Any]:
    """Return the rows as parameters; one in ``every`` is in ``make test`` too, the first one first.

    For rows that are slow; long tables need no such mark, see below.
    """
    return [
        row if number % every == 0 else pytest.param(*as_tuple(row), marks=pytest.mark.thorough)
        for number, row in enumerate(rows)
    ]


def as_tuple(row: Any) -> tuple[Any, ...]:
    return row if isinstance(row, tuple) else (row,)


def leave_repetition_out(items: Iterable[pytest.Item]) -> None:
    """Mark as thorough what repeats a mechanism in a test's table.

    That is each row all of whose values earlier rows have had, and of a table that is still long
    all but ``LONG`` rows, evenly spread, or as many as its mark ``rows`` says where each takes
    long. Every value of a short table stays in ``make test``. The browser's tables name theirs
    themselves: a page differs by who looks at it.
    """
    tables: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        if hasattr(item, "callspec") and not marks & {"browser", "thorough"}:
            tables[item.nodeid.partition("[")[0]].append(item)
    for table in tables.values():
        kept = evenly(without_combinations(table))
        for item in table:
            if item not in kept:
                item.add_marker("thorough")


def without_combinations(table: list[Any]) -> list[pytest.Item]:
    seen: set[tuple[str, str]] = set()
    kept = []
    for item in table:
        values = {(name, text_of(value)) for name, value in item.callspec.params.items()}
        if not values <= seen:
            kept.append(item)
        seen |= values
    return kept


def evenly(rows: list[pytest.Item]) -> set[pytest.Item]:
    mark = rows[0].get_closest_marker("rows")
    wanted = LONG if mark is None else min(LONG, mark.args[0])
    return {rows[number * len(rows) // wanted] for number in range(wanted)}


def text_of(value: object) -> str:
    """Return what tells a value from others; lazy ones may have no text before a test runs."""
    try:
        return repr(value)
    except Exception:
        return str(id(value))
