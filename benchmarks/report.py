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
    """One figure of a variant, under a title of two lines."""

    title: tuple[str, str]
    decimals: int
    value: Callable[[Any], float]

    @property
    def width(self) -> int:
        """Characters that the column takes."""
        return max(map(len, self.title)) + 2

    def ratio(self, ours: Any, floor: Any) -> float:
        """Return how often the floor's figure fits into ours."""
        return self.value(ours) / self.value(floor)


def percentile_95(values: list[float]) -> float:
    """Return what 95 in 100 stay below."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


COUNTS: tuple[Column, ...] = (
    Column(("calls to", "Auth0"), 1, lambda counts: counts.calls),
    Column(("new con-", "nections"), 1, lambda counts: counts.connections),
    Column(("state-", "ments"), 1, lambda counts: counts.statements),
)
CPU = Column(("CPU ms,", "median"), 2, lambda times: 1000 * statistics.median(times.cpu))
LATENCY = Column(("latency ms,", "median"), 1, lambda times: 1000 * statistics.median(times.wall))
TIMES: tuple[Column, ...] = (
    CPU,
    Column(("CPU ms,", "least"), 2, lambda times: 1000 * min(times.cpu)),
    LATENCY,
    Column(("latency ms,", "95 %"), 1, lambda times: 1000 * percentile_95(times.wall)),
    Column(("a second,", "1 thread"), 1, lambda times: 1 / statistics.fmean(times.wall)),
    Column(("a second,", "threads"), 1, lambda times: statistics.median(times.per_second)),
)


def count_table(title: str, counts: Mapping[str, Counts]) -> Iterator[str]:
    """Yield a line for each variant."""
    return _lines(title, COUNTS, counts)


def time_table(title: str, times: Mapping[str, Times]) -> Iterator[str]:
    """Yield a line for each variant, then the last one's times as multiples of the others'."""
    yield from _lines(title, TIMES, times)
    *floors, last = times
    for name in floors:
        ratios = (column.ratio(times[last], times[name]) for column in TIMES)
        cells = (f"{ratio:>{column.width}.2f}" for column, ratio in zip(TIMES, ratios, strict=True))
        yield f"{f'{last} / {name}':{NAME_WIDTH}}" + "".join(cells)


def _lines(title: str, columns: Sequence[Column], rows: Mapping[str, Any]) -> Iterator[str]:
    for number, name in enumerate(("", title)):
        titles = (f"{column.title[number]:>{column.width}}" for column in columns)
        yield f"{name:{NAME_WIDTH}}" + "".join(titles)
    for name, row in rows.items():
        cells = (f"{c.value(row):>{c.width}.{c.decimals}f}" for c in columns)
        yield f"{name:{NAME_WIDTH}}" + "".join(cells)
