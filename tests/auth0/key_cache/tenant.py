"""A tenant that publishes keys, and processes that share a store of them."""

from __future__ import annotations

import threading
import time
from typing import Any

from django_pwdless.auth0.verification.key_cache import KeyCache
from django_pwdless.exceptions import Auth0Error, UnknownKey
from tests.auth0.keys import rsa_key

Clock = Any
NOW = 1_800_000_000
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


class Store:
    """What processes share: a cache that forgets in time."""

    def __init__(self) -> None:
        self.values: dict[str, tuple[Any, float]] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> Any:
        value, until = self.values.get(key, (None, 0))
        return value if time.time() < until else None

    def set(self, key: str, value: Any, seconds: int) -> None:
        self.values[key] = (value, time.time() + seconds)

    def add(self, key: str, seconds: int) -> bool:
        with self._lock:
            if self.get(key) is not None:
                return False
            self.set(key, True, seconds)
            return True


class BrokenStore(Store):
    """A cache that is down: it answers None, and True."""

    def get(self, key: str) -> Any:
        return None

    def add(self, key: str, seconds: int) -> bool:
        return True


class Tenant:
    """Publishes ``keys`` and counts the fetches; ``answer`` or ``outage`` stand in for them."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.keys = list(keys)
        self.answer: Any = None
        self.outage: Auth0Error | None = None
        self.fetches = 0

    def __call__(self) -> Any:
        self.fetches += 1
        if self.outage:
            raise self.outage
        return self.answer if self.answer is not None else {"keys": self.keys}


def process_of(tenant: Any, store: Store | None = None, algorithm: str = "RS256") -> KeyCache:
    """A process's view of the tenant's key set."""
    return KeyCache(tenant, algorithm=algorithm, store=store or Store(), name="jwks")


def numbers_of(name: str) -> Any:
    return rsa_key(name).public_key().public_numbers()


def knows(jwks: KeyCache, name: str, **options: Any) -> bool:
    try:
        return bool(jwks.key_for(name, **options).public_numbers() == numbers_of(name))
    except UnknownKey:
        return False


class SlowTenant(Tenant):
    """Answers when told to."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        super().__init__(*keys)
        self.asked, self.may_answer = threading.Event(), threading.Event()

    def __call__(self) -> Any:
        self.asked.set()
        assert self.may_answer.wait(30)
        return super().__call__()
