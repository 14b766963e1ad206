"""Long tables of what goes one way: all rows in ``make test-all``, some in ``make test``."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

#: Rows of one table in ``make test``. With other versions (tox.ini) one of them is enough.
LONG = int(os.environ.get("PWDLESS_ROWS") or 6)


def leave_repetition_out(items: Iterable[pytest.Item]) -> None:
    """Mark as thorough what repeats a mechanism in a test's table.

    What is left has each value of each parameter once ("each choice" coverage), but at most
    ``LONG`` rows, or as many as the table's mark ``rows`` says where each takes long. The browser's
    tables name theirs themselves: a page differs by who looks at it.
    """
    tables: dict[str, list[Any]] = defaultdict(list)
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        if hasattr(item, "callspec") and not marks & {"browser", "thorough"}:
            tables[item.nodeid.partition("[")[0]].append(item)
    for table in tables.values():
        kept = each_choice(table)
        for item in table:
            if item not in kept:
                item.add_marker("thorough")


def each_choice(table: list[Any]) -> list[Any]:
    """Return rows, evenly spread where there are many, each with something the others lack."""
    mark = table[0].get_closest_marker("rows")
    wanted = LONG if mark is None else min(LONG, mark.args[0])
    spread = [table[number * len(table) // wanted] for number in range(wanted)]
    left = {row: choices_of(row) for row in (*spread, *table)}
    kept: list[Any] = []
    while len(kept) < wanted:
        row = max(left, key=lambda row: len(left[row]))
        if not left[row]:
            break
        kept.append(row)
        had = set(left[row])
        for choices in left.values():
            choices -= had
    return kept


def choices_of(item: Any) -> set[tuple[object, ...]]:
    """Return what was chosen for a row: of each parametrization, and of each fixture, one thing.

    The rows of a product share the values themselves.
    """
    values = {name: (name, id(value)) for name, value in item.callspec.params.items()}
    together = [names_of(mark) for mark in item.iter_markers("parametrize")]
    choices = {tuple(values.pop(name) for name in names) for names in together}
    return choices | set(values.values())


def names_of(mark: pytest.Mark) -> list[str]:
    names = mark.args[0]
    return names.replace(",", " ").split() if isinstance(names, str) else list(names)
