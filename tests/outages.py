"""Caches that are down, each in its own way."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.cache.backends.base import BaseCache

DOWN = "The cache at 10.9.8.7 does not answer."


class RefusingCache(BaseCache):
    """Raises on every call, as Redis does when it is not there."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ConnectionError(DOWN)

    add = get = set = touch = delete = incr = clear = has_key = _refuse
    get_many = set_many = delete_many = get_or_set = _refuse


class SilentCache(RefusingCache):
    """Keeps nothing and says nothing, as Memcached does when it is not there."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return default

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Keep nothing."""

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def incr(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ValueError("there is no such key")

    def clear(self) -> None:
        """There is nothing to forget."""


class UnusableCache(BaseCache):
    """Cannot even be made: its driver is missing, or its settings are wrong."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        raise ImportError("no driver")


OUTAGES = [f"{__name__}.{kind.__name__}" for kind in (RefusingCache, SilentCache, UnusableCache)]
