"""The tenant's signing keys (RFC 7517): kept, shared, refetched with restraint."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django_pwdless.auth0.process_lock import ProcessLock
from django_pwdless.exceptions import Auth0Error, Unavailable, UnknownKey

from .key_set import KeySet, read_key_set

JWKS_PATH = "/.well-known/jwks.json"
# Seconds a set is fresh for; and the age from which it is good for nothing.
FRESH, STALE = 3600, 24 * 3600
FORCED_REFETCH_WAIT = 30
# How long a key that another process knows to be revoked is still good here.
LOOK_WAIT = 30
# How long other processes wait for the one that fetches, and how often they look meanwhile.
FETCH_WAIT = 3
LOOKS = 60


class SharedStore(Protocol):
    """What the processes share: a cache that answers None, and True, when it is down."""

    def get(self, key: str) -> Any:
        """Return the value, something true where the key was claimed, or None."""

    def set(self, key: str, value: Any, seconds: int) -> None:
        """Keep the value, in place of a claim too."""

    def add(self, key: str, seconds: int) -> bool:
        """Claim the key for this long; whether nobody had."""


@dataclass(frozen=True)
class Ask:
    """Who wants a key: by which allowance they force a fetch, since when, and until when they wait.

    Times are those of ``time.monotonic``; ``until`` is None for whoever waits as long as it takes.
    """

    wait: str
    at: float
    until: float | None = None

    @property
    def left(self) -> float | None:
        """Seconds that they still wait."""
        return None if self.until is None else max(0.0, self.until - time.monotonic())


class KeyCache:
    """Finds the key of a ``kid``.

    ``fetch`` returns the wire's object or raises an ``Auth0Error``. A set is fresh for an hour, in
    this process and in ``store``; an unknown ``kid`` forces a new fetch at most every 30 seconds
    over all processes, and as often once more for tokens of strangers; an old set serves up to 24
    hours, only while there is no answer. A newer set of another process is taken over within 30
    seconds. Where several processes need a new set at the same moment, one fetches it.
    """

    def __init__(
        self, fetch: Callable[..., Any], *, algorithm: str, store: SharedStore, name: str
    ) -> None:
        self._fetch = fetch
        self._algorithm = algorithm
        self._store = store
        self._name = name
        # Two allowances: what strangers made up cannot use up the fetch that a login needs.
        self._wait = f"{name}:wait"
        self._strangers_wait = f"{name}:wait:strangers"
        # When the set was fetched that another process could not replace.
        self._failure = f"{name}:failure"
        self._current: KeySet | None = None
        self._failed_at: float | None = None
        self._forced_at: dict[str, float] = {}
        self._looked_at = time.monotonic()
        self._lock = ProcessLock()

    def key_for(
        self,
        key_id: str | None,
        *,
        before_fetch: Callable[[], object] | None = None,
        within: float | None = None,
    ) -> Any:
        """Return the public key of an id.

        ``before_fetch`` is for a token that a stranger may have made up, and raises where it is
        worth no fetch. Raises ``UnknownKey`` where the tenant has no such key, ``Unavailable``
        where that cannot be told, ``within`` so many seconds if given.
        """
        if key_id is None:
            raise UnknownKey
        self._look_for_newer()
        keys = self._set_with(key_id, before_fetch, within).keys
        if key_id not in keys:
            raise UnknownKey
        return keys[key_id]

    def prepare(self) -> None:
        """Have a key set at hand; raises ``Unavailable`` where none is to be had."""
        self._set_with(None, None, None)

    def _set_with(
        self,
        key_id: str | None,
        before_fetch: Callable[[], object] | None,
        within: float | None,
    ) -> KeySet:
        """Return the best set for a key's id; None stands for whatever key it will be."""
        key_set = self._current
        if key_set is None or key_set.age >= FRESH or not key_set.knows(key_id):
            if before_fetch is not None:
                before_fetch()
            wait = self._wait if before_fetch is None else self._strangers_wait
            now = time.monotonic()
            ask = Ask(wait, now, None if within is None else now + within)
            with self._lock.held(within=within) as is_held:
                if not is_held:
                    raise Unavailable("Another thread fetches the key set.")
                key_set = self._renewed(key_id, ask)
        return key_set

    def _look_for_newer(self) -> None:
        """Now and then take over another process's set; wait for nobody who does so already."""
        if time.monotonic() - self._looked_at < LOOK_WAIT:
            return
        with self._lock.held(within=0) as is_held:
            if is_held:
                self._newest()

    def _renewed(self, key_id: str | None, ask: Ask) -> KeySet:
        """Return the best set to be had: this process's, the shared one, or a new one."""
        newest = self._newest()
        if not self._is_good(newest, key_id):
            newest = self._awaited(newest, ask)
        if newest is None:
            return self._fetched(ask)
        if self._is_good(newest, key_id):
            return newest
        is_known, is_fresh = newest.knows(key_id), newest.age < FRESH
        if is_fresh and not self._may_force(ask.wait):
            if self._failed_at is not None or self._store.get(self._failure) == newest.fetched_at:
                raise Unavailable("The key set could not be fetched for an unknown key.")
            return newest
        try:
            # The answer decides: a set without this key is no reason to keep an older one.
            return self._fetched(ask)
        except Unavailable:
            if is_known and newest.age < STALE:
                return newest
            raise

    def _is_good(self, key_set: KeySet | None, key_id: str | None) -> bool:
        """Whether this set has the key, and nothing newer is to be had now."""
        if key_set is None or not key_set.knows(key_id):
            return False
        return key_set.age < FRESH or self._failed_just_now(key_set)

    def _may_fetch(self, replaced: KeySet | None, wait: str) -> bool:
        """Claim to fetch what takes this set's place; False while another process does that."""
        claim = self._claim_on(replaced)
        is_fresh = replaced is not None and replaced.age < FRESH
        was_forced = is_fresh and self._store.get(wait) is not None
        is_first = not was_forced and self._store.add(claim, FETCH_WAIT)
        return is_first or not self._store.get(claim)

    def _awaited(self, replaced: KeySet | None, ask: Ask) -> KeySet | None:
        """Return what another process has just fetched; the old set where it is for us to do."""
        for _ in range(LOOKS):
            is_ours = self._may_fetch(replaced, ask.wait)
            newest = self._newest()
            if is_ours or newest is not replaced or ask.left == 0:
                return newest
            time.sleep(FETCH_WAIT / LOOKS)
        return replaced

    def _claim_on(self, replaced: KeySet | None) -> str:
        return f"{self._name}:fetch:{replaced.fetched_at if replaced else 0}"

    def _failed_just_now(self, newest: KeySet) -> bool:
        """Whether to serve an old set without asking again: nobody waits twice for an outage."""
        failed = self._failed_at
        recently = failed is not None and time.monotonic() - failed < FORCED_REFETCH_WAIT
        return recently and newest.age < STALE

    def _newest(self) -> KeySet | None:
        """Return the younger of this process's set and the shared one."""
        self._looked_at = time.monotonic()
        shared = self._read_shared()
        if shared is not None:
            self._current, self._failed_at = shared, None
        return self._current

    def _may_force(self, wait: str) -> bool:
        """Whether nobody forced a fetch just now; with the cache down, nobody in this process."""
        now, forced_at = time.monotonic(), self._forced_at.get(wait)
        recently = forced_at is not None and now - forced_at < FORCED_REFETCH_WAIT
        if recently or not self._store.add(wait, FORCED_REFETCH_WAIT):
            return False
        self._forced_at[wait] = now
        return True

    def _fetched(self, ask: Ask) -> KeySet:
        """Fetch a new set; a thread that waited while another's fetch failed shares its failure."""
        has_failed = self._failed_at is not None and self._failed_at >= ask.at
        if has_failed or ask.left == 0:
            raise Unavailable("The key set could not be fetched.")
        claim = self._claim_on(self._current)
        try:
            key_set = self._answered(ask.left)
            self._store.set(self._name, [key_set.wire, key_set.fetched_at], STALE)
        except Auth0Error as error:
            # An answer that somebody did not wait for may still come to those who do.
            if ask.until is None:
                self._note_failure()
            raise Unavailable(f"The key set could not be fetched: {error}") from error
        finally:
            # Kept, but over: nobody need wait any longer.
            self._store.set(claim, 0, FETCH_WAIT)
        self._current, self._failed_at = key_set, None
        return key_set

    def _note_failure(self) -> None:
        self._failed_at = time.monotonic()
        replaced = self._current.fetched_at if self._current else 0
        self._store.set(self._failure, replaced, FORCED_REFETCH_WAIT)

    def _answered(self, within: float | None) -> KeySet:
        answer = self._fetch() if within is None else self._fetch(within=within)
        wire = answer.get("keys") if isinstance(answer, dict) else None
        key_set = read_key_set(wire, self._algorithm, time.time())
        if key_set is None:
            raise Unavailable("The answer holds no usable key.")
        return key_set

    def _read_shared(self) -> KeySet | None:
        """Return the shared set where it is younger than this process's."""
        current = self._current
        match self._store.get(self._name):
            case [list() as wire, float() as fetched_at] if (
                current is None or fetched_at > current.fetched_at
            ):
                return read_key_set(wire, self._algorithm, fetched_at)
        return None
