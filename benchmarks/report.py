"""The figures as text."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from measure import Counts, Times

NAME_WIDTH = 40


@dataclass(frozen=True)
class Column:
    """One figure of a variant, under a title of two lines.

    ``turns`` are the figures that can be compared turn by turn, as each met the same machine.
    """

    title: tuple[str, str]
    decimals: int
    value: Callable[[Any], float]
    turns: Callable[[Any], list[float]] | None = None

    @property
    def width(self) -> int:
        """Characters that the column takes."""
        return max(map(len, self.title)) + 2

    def cell(self, row: Any) -> str:
        """Return the figure as text."""
        return f"{self.value(row):>{self.width}.{self.decimals}f}"

    def ratio_cell(self, ours: Any, floor: Any) -> str:
        """Return how we compare with a floor as text, where turns can be compared."""
        ratio = "" if self.turns is None else f"{self.ratio(ours, floor):.2f}"
        return f"{ratio:>{self.width}}"

    def ratio(self, ours: Any, floor: Any) -> float:
        """Return the median of how often the floor's figure fits into ours of the same turn."""
        assert self.turns is not None
        pairs = zip(self.turns(ours), self.turns(floor), strict=True)
        return statistics.median(mine / its for mine, its in pairs)


def percentile_95(values: list[float]) -> float:
    """Return what 95 in 100 stay below."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


COUNTS: tuple[Column, ...] = (
    Column(("calls to", "Auth0"), 1, lambda counts: counts.calls),
    Column(("new con-", "nections"), 1, lambda counts: counts.connections),
    Column(("state-", "ments"), 1, lambda counts: counts.statements),
)
CPU = Column(
    ("CPU ms,", "median"),
    2,
    lambda times: 1000 * statistics.median(times.cpu),
    lambda times: times.cpu,
)
LATENCY = Column(
    ("latency ms,", "median"),
    1,
    lambda times: 1000 * statistics.median(times.wall),
    lambda times: times.wall,
)
TIMES: tuple[Column, ...] = (
    CPU,
    Column(("CPU ms,", "least"), 2, lambda times: 1000 * min(times.cpu)),
    LATENCY,
    Column(("latency ms,", "95 %"), 1, lambda times: 1000 * percentile_95(times.wall)),
    Column(("a second,", "1 thread"), 1, lambda times: 1 / statistics.fmean(times.wall)),
    Column(
        ("a second,", "threads"),
        1,
        lambda times: statistics.median(times.per_second),
        lambda times: times.per_second,
    ),
)


def count_table(title: str, counts: Mapping[str, Counts]) -> Iterator[str]:
    """Yield a line for each variant."""
    return _lines(title, COUNTS, counts)


def time_table(title: str, times: Mapping[str, Times]) -> Iterator[str]:
    """Yield a line for each variant, then how the last one compares with each of the others."""
    yield from _lines(title, TIMES, times)
    *floors, last = times
    for name in floors:
        cells = (column.ratio_cell(times[last], times[name]) for column in TIMES)
        yield f"{f'{last} / {name}':{NAME_WIDTH}}" + "".join(cells)


def _lines(title: str, columns: Sequence[Column], rows: Mapping[str, Any]) -> Iterator[str]:
    for number, name in enumerate(("", title)):
        titles = (f"{column.title[number]:>{column.width}}" for column in columns)
        yield f"{name:{NAME_WIDTH}}" + "".join(titles)
    for name, row in rows.items():
        yield f"{name:{NAME_WIDTH}}" + "".join(column.cell(row) for column in columns)
