"""Which rows of a table ``make test`` has."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from tests import sampling
from tests.sampling import each_choice


@pytest.fixture(autouse=True)
def six(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "LONG", 6)


@dataclass(eq=False)
class Row:
    """A row as pytest has it: its parameters, and its test's marks."""

    callspec: SimpleNamespace
    marks: list[pytest.Mark]

    def iter_markers(self, name: str) -> list[pytest.Mark]:
        return [mark for mark in self.marks if mark.name == name]

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return next(iter(self.iter_markers(name)), None)


def kept(*marks: Any, rows: Any) -> list[Any]:
    """Return the rows that are left of a table with these marks."""
    names = [name for mark in marks if mark.name == "parametrize" for name in mark.args[0]]
    table = [
        Row(SimpleNamespace(params=dict(zip(names, row, strict=True))), [it.mark for it in marks])
        for row in rows
    ]
    return [tuple(row.callspec.params.values()) for row in each_choice(table)]


def over(names: str) -> Any:
    return pytest.mark.parametrize(list(names), [])


def test_short_table_is_whole() -> None:
    rows = [(1, True), (2, True), (1, False), (2, False)]
    assert sorted(kept(over("ab"), rows=rows)) == sorted(rows)


def test_product_has_each_value_once() -> None:
    found = kept(over("a"), over("b"), rows=product("xyz", [1, 2]))
    assert len(found) == 3
    assert {a for a, _ in found} == set("xyz") and {b for _, b in found} == {1, 2}


def test_long_table_is_spread() -> None:
    assert kept(over("a"), rows=[(number,) for number in range(60)]) == [
        *((0,), (10,), (20,), (30,), (40,), (50,))
    ]


def test_long_axis_takes_no_value_of_a_short_one() -> None:
    found = kept(over("a"), over("b"), rows=product(range(24), "wxyz"))
    assert len(found) == 6 and {b for _, b in found} == set("wxyz")


def test_mark_says_how_many() -> None:
    assert kept(over("a"), pytest.mark.rows(2), rows=[(number,) for number in range(60)]) == [
        *((0,), (30,))
    ]
