"""Long tables of what goes one way: all rows in ``make test-all``, some in ``make test``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(rows: Iterable[Any], every: int) -> list[Any]:
    """Return the rows as parameters; one in ``every`` is in ``make test`` too, the first one first.

    ``every`` must have no factor in common with the length of what the rows are a product of:
    each value comes up then.
    """
    return [
        row if number % every == 0 else pytest.param(*as_tuple(row), marks=pytest.mark.thorough)
        for number, row in enumerate(rows)
    ]


def as_tuple(row: Any) -> tuple[Any, ...]:
    return row if isinstance(row, tuple) else (row,)
