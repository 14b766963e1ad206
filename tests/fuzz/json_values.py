"""JSON as it comes over a wire: any of it, and good values with something changed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .texts import ODD, TEXTS

NUMBERS = (
    st.sampled_from([0, -1, 1, 2**31, 2**53, 2**64, -(10**30), 10**400, 1e308, 5e-324, -0.0])
    | st.integers()
    | st.floats()
)
SCALARS: SearchStrategy[Any] = st.none() | st.booleans() | NUMBERS | TEXTS | st.sampled_from(ODD)
JSON: SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)

Path = tuple[Any, ...]
REMOVED = object()


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """Return this value with one to three of its parts replaced, removed or added."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(_paths(value))))
        value = _put(value, path, draw(st.just(REMOVED) | JSON))
        if isinstance(value, dict) and draw(st.booleans()):
            value[draw(TEXTS)] = draw(JSON)
    return value


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    inner = value.items() if isinstance(value, dict) else ()
    for key, part in enumerate(value) if isinstance(value, list) else inner:
        yield from _paths(part, (*path, key))


def _put(value: Any, path: Path, new: Any) -> Any:
    """Return the value with what is at the path replaced, or removed."""
    if not path:
        return None if new is REMOVED else new
    at = value
    for key in path[:-1]:
        at = at[key]
    if new is REMOVED:
        del at[path[-1]]
    else:
        at[path[-1]] = new
    return value
