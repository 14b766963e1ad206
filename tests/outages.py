"""Caches that are down, each in its own way."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.core.cache.backends.base import BaseCache

DOWN = "The cache at 10.9.8.7 does not answer."
CALLS = {"add", "get", "set", "touch", "delete", "incr", "decr", "clear", "has_key"} | {
    *("get_many", "set_many", "delete_many", "get_or_set"),
}


def _refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise ConnectionError(DOWN)


def _shrug(*args: Any, **kwargs: Any) -> None:
    """Answer with nothing at all."""


class RefusingCache(BaseCache):
    """Raises on every call, as Redis does when it is not there."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def __getattribute__(self, name: str) -> Any:
        return _refuse if name in CALLS else super().__getattribute__(name)


class CountingCache(RefusingCache):
    """Counts the calls that it refuses."""

    asked: ClassVar[list[str]] = []

    def __getattribute__(self, name: str) -> Any:
        if name in CALLS:
            CountingCache.asked.append(name)
        return super().__getattribute__(name)


class SilentCache(BaseCache):
    """Keeps nothing and says nothing, as some do that are told to swallow their errors."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def __getattribute__(self, name: str) -> Any:
        return _shrug if name in CALLS else super().__getattribute__(name)


class UnusableCache(BaseCache):
    """Cannot even be made: its driver is missing, or its settings are wrong."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        raise ImportError("no driver")


OUTAGES = [f"{__name__}.{kind.__name__}" for kind in (RefusingCache, SilentCache, UnusableCache)]
