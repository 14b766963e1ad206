"""The figures as text."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from measure import Figures

NAME_WIDTH = 24


@dataclass(frozen=True)
class Column:
    """One figure of a variant, under a title of two lines."""

    title: tuple[str, str]
    decimals: int
    value: Callable[[Figures], float]

    @property
    def width(self) -> int:
        """Characters that the column takes."""
        return max(map(len, self.title)) + 2

    def cell(self, figures: Figures) -> str:
        """Return the figure as text."""
        return f"{self.value(figures):>{self.width}.{self.decimals}f}"

    def ratio(self, ours: Figures, floor: Figures) -> float:
        """Return how often the floor's figure fits into ours."""
        return self.value(ours) / self.value(floor)


def percentile_95(values: list[float]) -> float:
    """Return what 95 in 100 stay below."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


CPU = Column(("CPU ms,", "median"), 2, lambda figures: 1000 * statistics.median(figures.cpu))
LATENCY = Column(
    ("latency ms,", "median"), 1, lambda figures: 1000 * statistics.median(figures.wall)
)
COUNTS = (
    Column(("calls", "to Auth0"), 1, lambda figures: figures.calls),
    Column(("new con-", "nections"), 1, lambda figures: figures.connections),
    Column(("state-", "ments"), 1, lambda figures: figures.statements),
)
TIMES = (
    CPU,
    Column(("CPU ms,", "least"), 2, lambda figures: 1000 * min(figures.cpu)),
    LATENCY,
    Column(("latency ms,", "95 %"), 1, lambda figures: 1000 * percentile_95(figures.wall)),
    Column(("a second,", "1 thread"), 1, lambda figures: 1 / statistics.fmean(figures.wall)),
    Column(("a second,", "threads"), 1, lambda figures: statistics.median(figures.per_second)),
)


def table(figures: Mapping[str, Figures]) -> Iterator[str]:
    """Yield the lines: each variant, then the last one's times as multiples of the others'."""
    for line in range(2):
        titles = (f"{column.title[line]:>{column.width}}" for column in COUNTS + TIMES)
        yield " " * NAME_WIDTH + "".join(titles)
    for name, figure in figures.items():
        yield f"{name:{NAME_WIDTH}}" + "".join(column.cell(figure) for column in COUNTS + TIMES)
    *floors, last = figures
    margin = NAME_WIDTH + sum(column.width for column in COUNTS)
    for name in floors:
        ratios = (column.ratio(figures[last], figures[name]) for column in TIMES)
        cells = (f"{r:>{c.width}.2f}" for c, r in zip(TIMES, ratios, strict=True))
        yield f"{f'{last} / {name}':{margin}}" + "".join(cells)
