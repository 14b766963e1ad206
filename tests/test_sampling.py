"""Which rows of a table ``make test`` has."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from tests import sampling
from tests.sampling import left_of


@pytest.fixture(autouse=True)
def as_in_make_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "WHOLE", 6)
    monkeypatch.setattr(sampling, "SOME", 4)


@dataclass(eq=False)
class Row:
    """A row as pytest has it: its parameters, and its test's marks."""

    callspec: SimpleNamespace
    marks: list[pytest.Mark]
    originalname: str

    def iter_markers(self, name: str) -> list[pytest.Mark]:
        return [mark for mark in self.marks if mark.name == name]

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return next(iter(self.iter_markers(name)), None)


def kept(*marks: Any, rows: Any, name: str = "test") -> list[Any]:
    """Return the rows that are left of a test's table with these marks."""
    names = [name for mark in marks if mark.name == "parametrize" for name in mark.args[0]]
    its_marks = [it.mark for it in marks]
    table = [
        Row(SimpleNamespace(params=dict(zip(names, row, strict=True))), its_marks, name)
        for row in rows
    ]
    return [tuple(row.callspec.params.values()) for row in left_of(table)]


def over(names: str) -> Any:
    return pytest.mark.parametrize(list(names), [])


def test_short_table_is_whole() -> None:
    rows = [*product([1, 2, 3], [True, False])]
    assert sorted(kept(over("ab"), rows=rows)) == sorted(rows)


def test_product_has_each_value_once() -> None:
    found = kept(over("a"), over("b"), rows=product("xyz", [1, 2]))
    assert len(found) == 3
    assert {a for a, _ in found} == set("xyz") and {b for _, b in found} == {1, 2}


def test_long_table_is_spread() -> None:
    found = sorted(number for (number,) in kept(over("a"), rows=[(at,) for at in range(60)]))
    assert [number - found[0] for number in found] == [0, 15, 30, 45]


def test_each_row_of_a_fixture_has_its_turn() -> None:
    rows = [(number,) for number in range(9)]
    found = [kept(over("a"), rows=rows, name=f"test_{number}") for number in range(20)]
    assert {row for each in found for row in each} == set(rows)


def test_long_axis_takes_no_value_of_a_short_one() -> None:
    found = kept(over("a"), over("b"), rows=product(range(24), "wxyz"))
    assert len(found) == 4 and {b for _, b in found} == set("wxyz")


def test_mark_says_how_many() -> None:
    rows = [(number,) for number in range(60)]
    assert kept(over("a"), pytest.mark.rows(2), rows=rows) == [(0,), (30,)]
