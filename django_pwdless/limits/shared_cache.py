"""The cache that processes share, used so that its outage is an answer and not an exception."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.cache import BaseCache, caches

from django_pwdless.exceptions import LimitsUnavailable

logger: logging.Logger = logging.getLogger("django_pwdless")


# In a request to one of our pages: whether the cache has failed to answer it. None elsewhere.
_is_down: ContextVar[bool | None] = ContextVar("pwdless_cache_is_down", default=None)


def cache_alias() -> str:
    """Return the cache that limits, cooldowns, redirect states and keys live in."""
    return str(getattr(settings, "RATELIMIT_USE_CACHE", "default"))


@contextmanager
def asked_once_while_down() -> Iterator[None]:
    """Ask a cache no more, inside, that has not answered once: its time-outs would add up."""
    token = _is_down.set(False)
    try:
        yield
    finally:
        _is_down.reset(token)


def require_answering() -> None:
    """Raise ``ConnectionError`` where this request has found the cache down already."""
    if _is_down.get():
        raise ConnectionError


def claim(key: str, seconds: float, holder: Any = 1) -> bool:
    """Claim a key for this long, atomically; whether nobody had.

    ``KeyStore.get`` tells its ``holder`` (not None) to others. Raises ``LimitsUnavailable`` where
    the cache does not answer.
    """
    if seconds <= 0:
        return True
    # Redis and Memcached know whole seconds only, and would forget half a one at once.
    seconds = math.ceil(seconds)
    try:
        # Twice, as a claim may end between the two questions.
        for _ in range(2):
            if _cache().add(key, holder, seconds):
                return True
            # A cache that swallows its errors denies every claim, and holds none.
            if _cache().get(key) is not None:
                return False
    except Exception as error:  # every cache backend has exceptions of its own
        raise outage(error) from None
    raise outage(ConnectionError())


def release(key: str) -> None:
    """Give a claimed key back; without the cache there is nothing to give back."""
    try:
        _cache().delete(key)
    except Exception as error:
        outage(error)


def increase(key: str, seconds: int) -> None:
    """Add one to a count, atomically; it lasts this long from its first one on."""
    try:
        if not _cache().add(key, 1, seconds):
            _cache().incr(key)
    except (ValueError, TypeError):
        # It ended between the two, or is no number: it begins again.
        KeyStore().set(key, 1, seconds)
    except Exception as error:  # every cache backend has exceptions of its own
        outage(error)


def outage(error: Exception) -> LimitsUnavailable:
    """Log, once a request, that the cache does not answer, and return what to raise."""
    was_down = _is_down.get()
    if not was_down:
        logger.error("The cache %r does not answer (%s).", cache_alias(), type(error).__name__)
    if was_down is not None:
        _is_down.set(True)
    return LimitsUnavailable(LimitsUnavailable.__doc__)


class KeyStore:
    """What the client's key set shares between processes; without the cache, nothing."""

    def get(self, key: str) -> Any:
        """Return the value, or None."""
        try:
            return _cache().get(key)
        except Exception as error:
            outage(error)
            return None

    def set(self, key: str, value: Any, seconds: int) -> None:
        """Keep the value, if possible."""
        try:
            _cache().set(key, value, seconds)
        except Exception as error:
            outage(error)

    def add(self, key: str, seconds: int) -> bool:
        """Claim the key for this long; whether nobody had, and True without the cache."""
        try:
            return claim(key, seconds)
        except LimitsUnavailable:
            return True


def _cache() -> BaseCache:
    require_answering()
    return caches[cache_alias()]
