"""Long tables of what goes one way: all rows in ``make test-all``, some in ``make test``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest


def sampled(rows: Iterable[Any], every: int) -> list[Any]:
    """Return the rows as parameters; one in ``every`` is in ``make test`` too, the first one first.

    For rows that stand for one mechanism. Products of lists need no such mark: see below.
    """
    return [
        row if number % every == 0 else pytest.param(*as_tuple(row), marks=pytest.mark.thorough)
        for number, row in enumerate(rows)
    ]


def as_tuple(row: Any) -> tuple[Any, ...]:
    return row if isinstance(row, tuple) else (row,)


def mark_combinations(items: Iterable[pytest.Item]) -> None:
    """Leave combinations to ``make test-all``: rows all of whose values earlier rows have had.

    Each value of each argument of each test stays in ``make test``.
    """
    known: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is None or item.get_closest_marker("thorough"):
            continue
        values = {(name, text_of(value)) for name, value in callspec.params.items()}
        seen = known[item.nodeid.partition("[")[0]]
        if values <= seen:
            item.add_marker("thorough")
        seen |= values


def text_of(value: object) -> str:
    """Return what tells a value from others; lazy ones may have no text before a test runs."""
    try:
        return repr(value)
    except Exception:
        return str(id(value))
