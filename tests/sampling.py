"""Tables of what goes one way: of long ones ``make test`` has some rows, ``make test-all`` all."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from zlib import crc32

import pytest

# With other versions (tox.ini) and databases (Makefile) fewer rows are enough.
ROWS = int(os.environ.get("PWDLESS_ROWS") or 0)
#: ``make test`` has ``SOME`` rows of a table with more than ``WHOLE``.
WHOLE, SOME = (ROWS, ROWS) if ROWS else (8, 4)


def leave_repetition_out(items: Iterable[pytest.Item]) -> None:
    """Mark as thorough the rows that repeat a mechanism.

    What is left of a product has each value of each parameter beside the first ones of the others
    ("base choice" coverage). Of more rows than ``WHOLE`` some are left, evenly spread, others in
    each test, so that each value of a fixture has its turn. The mark ``rows`` says how many are
    left of a table whose rows take long. The browser's tables name theirs themselves: a page
    differs by who looks at it.
    """
    tables: dict[str, list[Any]] = defaultdict(list)
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        if hasattr(item, "callspec") and not marks & {"browser", "thorough"}:
            tables[item.nodeid.partition("[")[0]].append(item)
    for name, table in tables.items():
        kept = left_of(name, table)
        for row in table:
            if row not in kept:
                row.add_marker("thorough")


def left_of(name: str, table: list[Any]) -> list[Any]:
    """Return the rows that stay, of the table of the test of this name."""
    rows = base_choice(table)
    mark = table[0].get_closest_marker("rows")
    if mark is not None:
        return spread(rows, min(mark.args[0], ROWS or mark.args[0]))
    if len(rows) <= WHOLE:
        return rows
    turn = crc32(name.encode()) % len(rows)
    return spread([*rows[turn:], *rows[:turn]], SOME)


def spread(rows: list[Any], most: int) -> list[Any]:
    """Return so many of them, the first one and the last one too."""
    return [rows[number * (len(rows) - 1) // max(most - 1, 1)] for number in range(most)]


def base_choice(table: list[Any]) -> list[Any]:
    """Return the rows with something that none before them has."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for row in table:
        choices = choices_of(row)
        if not choices <= seen:
            kept.append(row)
        seen |= choices
    return kept


def choices_of(row: Any) -> set[tuple[object, ...]]:
    """Return what was chosen for a row: of each parametrization, and of each fixture, one thing.

    The rows of a product share the values themselves.
    """
    values = {name: (name, id(value)) for name, value in row.callspec.params.items()}
    together = [names_of(mark) for mark in row.iter_markers("parametrize")]
    choices = {tuple(values.pop(name) for name in names) for names in together}
    return choices | set(values.values())


def names_of(mark: pytest.Mark) -> list[str]:
    names = mark.args[0]
    return names.replace(",", " ").split() if isinstance(names, str) else list(names)
