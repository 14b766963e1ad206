"""Which rows of a table ``make test`` has."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from types import SimpleNamespace
from typing import Any

import pytest

from tests import sampling
from tests.sampling import leave_repetition_out


@pytest.fixture(autouse=True)
def as_in_make_test(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ROWS", 0), ("WHOLE", 8), ("SOME", 4)):
        monkeypatch.setattr(sampling, name, value)


@dataclass(eq=False)
class Row:
    """A row as pytest has it: its parameters, and its marks."""

    callspec: SimpleNamespace
    nodeid: str
    marks: list[pytest.Mark]

    def iter_markers(self, name: str | None = None) -> list[pytest.Mark]:
        return [mark for mark in self.marks if name in (None, mark.name)]

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return next(iter(self.iter_markers(name)), None)

    def add_marker(self, name: str) -> None:
        self.marks.append(getattr(pytest.mark, name).mark)


def kept(*marks: Any, rows: Any, name: str = "test") -> list[Any]:
    """Return the rows that are left of a test's table with these marks."""
    names = [name for mark in marks if mark.name == "parametrize" for name in mark.args[0]]
    table: Any = [
        Row(
            SimpleNamespace(params=dict(zip(names, row, strict=True))),
            f"{name}[{number}]",
            [it.mark for it in marks],
        )
        for number, row in enumerate(rows)
    ]
    leave_repetition_out(table)
    left = [row for row in table if not row.get_closest_marker("thorough")]
    return [tuple(row.callspec.params.values()) for row in left]


def over(names: str) -> Any:
    return pytest.mark.parametrize(list(names), [])


SIXTY = [(number,) for number in range(60)]


def test_short_table_is_whole() -> None:
    rows = [*product([1, 2, 3, 4], [True, False])]
    assert kept(over("ab"), rows=rows) == rows


def test_product_changes_one_thing_at_a_time() -> None:
    found = kept(over("a"), over("b"), rows=product("xyz", [1, 2]))
    assert found == [("x", 1), ("x", 2), ("y", 1), ("z", 1)]


def test_long_table_is_spread() -> None:
    found = [number for (number,) in kept(over("a"), rows=SIXTY)]
    assert len(found) == 4
    assert all(later - sooner < 22 for sooner, later in pairwise(found))


def test_each_row_of_a_long_table_has_its_turn_in_some_test() -> None:
    rows = SIXTY[:9]
    found = [kept(over("a"), rows=rows, name=f"test_{number}") for number in range(20)]
    assert {row for each in found for row in each} == set(rows)


def test_mark_says_how_many() -> None:
    assert kept(over("a"), pytest.mark.rows(1), rows=SIXTY) == [(0,)]
    assert kept(over("a"), pytest.mark.rows(3), rows=SIXTY) == [(0,), (29,), (59,)]
    assert len(kept(over("a"), pytest.mark.rows(20), rows=SIXTY)) == 20


def test_fewer_are_enough_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ROWS", "WHOLE", "SOME"):
        monkeypatch.setattr(sampling, name, 1)
    assert len(kept(over("a"), rows=SIXTY[:3])) == 1
    assert len(kept(over("a"), pytest.mark.rows(20), rows=SIXTY)) == 1


def test_row_that_is_thorough_already_takes_nobodys_place() -> None:
    assert kept(over("a"), pytest.mark.thorough, rows=SIXTY) == []


def test_row_that_is_asked_for_alone_is_left() -> None:
    assert kept(over("a"), rows=SIXTY[37:38]) == [(37,)]
