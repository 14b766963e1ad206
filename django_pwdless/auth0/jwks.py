"""The tenant's signing keys (RFC 7517): kept, shared, refetched with restraint."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jwt

from django_pwdless.exceptions import Auth0Error, Unavailable, UnknownKey

JWKS_PATH = "/.well-known/jwks.json"
FRESH = 3600
STALE = 24 * 3600
FORCED_REFETCH_WAIT = 30
MAX_KEYS = 50


class SharedStore(Protocol):
    """What the processes share: a cache that answers None, and True, when it is down."""

    def get(self, key: str) -> Any:
        """Return the value, or None."""

    def set(self, key: str, value: Any, seconds: int) -> None:
        """Keep the value."""

    def add(self, key: str, seconds: int) -> bool:
        """Claim the key for this long; whether nobody had."""


@dataclass(frozen=True)
class _KeySet:
    """One good answer: its keys by id, and when it was fetched (UNIX seconds)."""

    keys: Mapping[str, Any]
    wire: list[dict[str, Any]]
    fetched_at: float

    @property
    def age(self) -> float:
        # A clock that was set back makes a set old, not eternally young.
        age = time.time() - self.fetched_at
        return age if age >= 0 else STALE


class JWKS:
    """Finds the key of a ``kid``.

    ``fetch`` returns the wire's object or raises an ``Auth0Error``. A set is fresh for an hour, in
    this process and in ``store``; an unknown ``kid`` forces a new fetch at most every 30 seconds
    over all processes; an old set serves up to 24 hours, only while there is no answer.
    """

    def __init__(
        self, fetch: Callable[[], Any], *, algorithm: str, store: SharedStore, name: str
    ) -> None:
        self._fetch = fetch
        self._algorithm = algorithm
        self._store = store
        self._name = name
        self._current: _KeySet | None = None
        self._failed_at: float | None = None
        self._forced_at: float | None = None
        self._lock = threading.Lock()

    def key_for(self, key_id: str | None) -> Any:
        """Return the public key of an id.

        Raises ``UnknownKey`` where the tenant has none, ``Unavailable`` where that cannot be told.
        """
        if key_id is None:
            raise UnknownKey
        key_set = self._current
        if key_set is None or key_set.age >= FRESH or key_id not in key_set.keys:
            asked_at = time.monotonic()
            with self._lock:
                key_set = self._renewed(key_id, asked_at)
        if key_id not in key_set.keys:
            raise UnknownKey
        return key_set.keys[key_id]

    def _renewed(self, key_id: str, asked_at: float) -> _KeySet:
        """Return the best set to be had: this process's, the shared one, or a new one."""
        newest = self._newest()
        if newest is None:
            return self._fetched(asked_at)
        is_known, is_fresh = key_id in newest.keys, newest.age < FRESH
        if is_known and (is_fresh or self._failed_just_now(newest)):
            return newest
        if is_fresh and not self._may_force():
            if self._failed_at is not None:
                raise Unavailable("The key set could not be fetched for an unknown key.")
            return newest
        try:
            # The answer decides: a set without this key is no reason to keep an older one.
            return self._fetched(asked_at)
        except Unavailable:
            if is_known and newest.age < STALE:
                return newest
            raise

    def _failed_just_now(self, newest: _KeySet) -> bool:
        """Whether to serve an old set without asking again: nobody waits twice for an outage."""
        failed = self._failed_at
        recently = failed is not None and time.monotonic() - failed < FORCED_REFETCH_WAIT
        return recently and newest.age < STALE

    def _newest(self) -> _KeySet | None:
        """Return the younger of this process's set and the shared one."""
        shared = self._read_shared()
        current = self._current
        if shared is not None and (current is None or shared.fetched_at > current.fetched_at):
            self._current = current = shared
            self._failed_at = None
        return current

    def _may_force(self) -> bool:
        """Whether nobody forced a fetch just now; with the cache down, nobody in this process."""
        now = time.monotonic()
        if self._forced_at is not None and now - self._forced_at < FORCED_REFETCH_WAIT:
            return False
        if not self._store.add(f"{self._name}:wait", FORCED_REFETCH_WAIT):
            return False
        self._forced_at = now
        return True

    def _fetched(self, asked_at: float) -> _KeySet:
        """Fetch a new set; a thread that waited while another's fetch failed shares its failure."""
        if self._failed_at is not None and self._failed_at >= asked_at:
            raise Unavailable("The key set could not be fetched.")
        try:
            key_set = self._answered()
        except Auth0Error as error:
            self._failed_at = time.monotonic()
            raise Unavailable(f"The key set could not be fetched: {error}") from error
        self._current, self._failed_at = key_set, None
        self._store.set(self._name, [key_set.wire, key_set.fetched_at], STALE)
        return key_set

    def _answered(self) -> _KeySet:
        answer = self._fetch()
        wire = answer.get("keys") if isinstance(answer, dict) else None
        key_set = self._parse(wire, time.time())
        if key_set is None:
            raise Unavailable("The answer holds no usable key.")
        return key_set

    def _read_shared(self) -> _KeySet | None:
        match self._store.get(self._name):
            case [list() as wire, float() as fetched_at]:
                return self._parse(wire, fetched_at)
        return None

    def _parse(self, wire: Any, fetched_at: float) -> _KeySet | None:
        """Return the usable keys of a set; None where it is no set or holds none."""
        keys, kept = {}, []
        for entry in wire[:MAX_KEYS] if isinstance(wire, list) else ():
            key = self._public_key(entry)
            if key is not None and entry["kid"] not in keys:
                keys[entry["kid"]] = key
                kept.append(entry)
        return _KeySet(keys, kept, fetched_at) if keys else None

    def _public_key(self, entry: Any) -> Any:
        """Return the RSA key of an entry meant for our algorithm; None for any other."""
        if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str):
            return None
        if entry.get("kty") != "RSA" or (entry.get("use") or "sig") != "sig":
            return None
        if (entry.get("alg") or self._algorithm) != self._algorithm or "d" in entry:
            return None
        try:
            return jwt.PyJWK(entry, algorithm=self._algorithm).key
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            return None
