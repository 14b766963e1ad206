"""Tables of what goes one way: of long ones ``make test`` has some rows, ``make test-all`` all."""

from __future__ import annotations

import os
from typing import Any
from zlib import crc32

import pytest

# With other versions (tox.ini) and databases (Makefile) fewer rows are enough.
ROWS = int(os.environ.get("PWDLESS_ROWS") or 0)
#: Of more rows than ``WHOLE`` ``make test`` has ``SOME``.
WHOLE, SOME = (ROWS, ROWS) if ROWS else (6, 4)


def leave_repetition_out(table: list[pytest.Item]) -> None:
    """Mark as thorough the rows that repeat a mechanism.

    What is left has each value of each parameter once ("each choice" coverage). Where that takes
    more than ``WHOLE`` rows it is some of them, evenly spread: others in each test, so that each
    value of a fixture has its turn. The mark ``rows`` says how many are left of a table whose rows
    take long. The browser's tables name theirs themselves: a page differs by who looks at it.
    """
    open_ = [row for row in table if not is_decided(row)]
    kept = left_of(open_) if open_ else []
    for row in open_:
        if row not in kept:
            row.add_marker("thorough")


def is_decided(row: pytest.Item) -> bool:
    return any(row.get_closest_marker(name) for name in ("browser", "thorough"))


def left_of(table: list[Any]) -> list[Any]:
    mark = table[0].get_closest_marker("rows")
    if mark is not None:
        return each_choice(table, min(mark.args[0], WHOLE))
    whole = each_choice(table, WHOLE + 1)
    if len(whole) <= WHOLE:
        return whole
    turn = crc32(table[0].originalname.encode()) % len(table)
    return each_choice([*table[turn:], *table[:turn]], SOME)


def each_choice(table: list[Any], most: int) -> list[Any]:
    """Return so many rows at most, each with something that the others lack."""
    spread = [table[number * len(table) // most] for number in range(most)]
    left = {row: choices_of(row) for row in (*spread, *table)}
    kept: list[Any] = []
    while len(kept) < most:
        row = max(left, key=lambda row: len(left[row]))
        if not left[row]:
            break
        kept.append(row)
        had = set(left[row])
        for choices in left.values():
            choices -= had
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
