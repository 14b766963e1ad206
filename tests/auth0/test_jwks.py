from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

import pytest

from django_pwdless.auth0.jwks import JWKS
from django_pwdless.exceptions import (
    AccessDenied,
    Auth0Error,
    Misconfigured,
    RateLimited,
    TooManyAttempts,
    Unavailable,
    UnknownKey,
)

from .keys import MISSING, ec_jwk, jwk, private_jwk, rsa_key

Clock = Any
NOW = 1_800_000_000
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


class Store:
    """What processes share: a cache that forgets in time."""

    def __init__(self) -> None:
        self.values: dict[str, tuple[Any, float]] = {}

    def get(self, key: str) -> Any:
        value, until = self.values.get(key, (None, 0))
        return value if time.time() < until else None

    def set(self, key: str, value: Any, seconds: int) -> None:
        self.values[key] = (value, time.time() + seconds)

    def add(self, key: str, seconds: int) -> bool:
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


@pytest.fixture
def clock(time_machine: Any, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still until it is moved, the monotonic one too."""
    time_machine.move_to(NOW, tick=False)
    monkeypatch.setattr(time, "monotonic", time.time)
    return time_machine


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def tenant() -> Tenant:
    return Tenant(jwk("current"))


def process_of(tenant: Any, store: Store | None = None, algorithm: str = "RS256") -> JWKS:
    """A process's view of the tenant's key set."""
    return JWKS(tenant, algorithm=algorithm, store=store or Store(), name="jwks")


def numbers_of(name: str) -> Any:
    return rsa_key(name).public_key().public_numbers()


def knows(jwks: JWKS, name: str) -> bool:
    try:
        return bool(jwks.key_for(name).public_numbers() == numbers_of(name))
    except UnknownKey:
        return False


# Fresh


def test_key_is_found_by_its_id(tenant: Tenant) -> None:
    tenant.keys.append(jwk("second"))
    jwks = process_of(tenant)
    assert (knows(jwks, "current"), knows(jwks, "second"), knows(jwks, "third")) == (1, 1, 0)


def test_nothing_is_fetched_before_it_is_needed(tenant: Tenant) -> None:
    process_of(tenant)
    assert tenant.fetches == 0


@pytest.mark.parametrize("key_id", [None])
def test_no_id_has_no_key(tenant: Tenant, key_id: None) -> None:
    with pytest.raises(UnknownKey):
        process_of(tenant).key_for(key_id)
    assert tenant.fetches == 0


def test_set_is_fresh_for_an_hour(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    clock.shift(HOUR - 1)
    jwks.key_for("current")
    assert tenant.fetches == 1
    clock.shift(1)
    jwks.key_for("current")
    assert tenant.fetches == 2


def test_shared_set_is_used_before_one_is_fetched(
    tenant: Tenant, store: Store, clock: Clock
) -> None:
    process_of(tenant, store).key_for("current")
    assert knows(process_of(tenant, store), "current")
    assert tenant.fetches == 1


def test_shared_set_grows_old_with_the_fetch(tenant: Tenant, store: Store, clock: Clock) -> None:
    process_of(tenant, store).key_for("current")
    clock.shift(HOUR - 1)
    late = process_of(tenant, store)
    late.key_for("current")
    clock.shift(1)
    late.key_for("current")
    assert tenant.fetches == 2


def test_renewed_set_is_taken_over_from_another_process(
    tenant: Tenant, store: Store, clock: Clock
) -> None:
    first, second = process_of(tenant, store), process_of(tenant, store)
    first.key_for("current"), second.key_for("current")
    clock.shift(HOUR)
    first.key_for("current"), second.key_for("current")
    assert tenant.fetches == 2


@pytest.mark.parametrize(
    "value",
    [
        *(None, 1, "keys", b"keys", [], {}, [[]], [[], 1.0], ["keys", 1.0], [[jwk("current")]]),
        *([[jwk("current")], "1.0"], [[jwk("current")], None], [[jwk("current")], 1.0, 1]),
        *([{"keys": [jwk("current")]}, 1.0], [[None, 1, "x"], 1e300]),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_shared_value_of_another_shape_is_ignored(tenant: Tenant, store: Store, value: Any) -> None:
    store.set("jwks", value, DAY)
    assert knows(process_of(tenant, store), "current")
    assert tenant.fetches == 1


def test_store_that_is_down_costs_one_fetch_a_process(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant, BrokenStore())
    for _ in range(3):
        assert knows(jwks, "current")
    assert tenant.fetches == 1


def test_store_that_is_down_lets_each_process_force_a_fetch_in_thirty_seconds(
    tenant: Tenant, clock: Clock
) -> None:
    processes = [process_of(tenant, BrokenStore()) for _ in range(2)]
    for second in range(62):
        clock.move_to(NOW + second)
        assert not any(knows(jwks, f"made-up-{second}") for jwks in processes)
    assert tenant.fetches == 2 * (1 + 3)


def test_tenants_share_nothing(store: Store) -> None:
    ours, theirs = Tenant(jwk("current")), Tenant(jwk("theirs"))
    JWKS(ours, algorithm="RS256", store=store, name="ours").key_for("current")
    assert not knows(JWKS(theirs, algorithm="RS256", store=store, name="theirs"), "current")


# Unknown ids


def test_rotated_key_is_accepted_at_once(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.keys.append(jwk("rotated"))
    assert knows(jwks, "rotated")
    assert tenant.fetches == 2


def test_rotated_key_is_known_to_the_other_process_without_a_fetch(
    tenant: Tenant, store: Store, clock: Clock
) -> None:
    first, second = process_of(tenant, store), process_of(tenant, store)
    first.key_for("current"), second.key_for("current")
    clock.shift(MINUTE)
    tenant.keys.append(jwk("rotated"))
    assert (knows(first, "rotated"), knows(second, "rotated")) == (True, True)
    assert tenant.fetches == 2


def test_unknown_ids_force_one_fetch_in_thirty_seconds_over_all_processes(
    tenant: Tenant, store: Store, clock: Clock
) -> None:
    processes = [process_of(tenant, store) for _ in range(3)]
    processes[0].key_for("current")
    for second in range(91):
        clock.move_to(NOW + second)
        assert not any(knows(jwks, f"made-up-{second}") for jwks in processes)
    assert tenant.fetches == 1 + 4


def test_ordinary_refresh_does_not_start_the_wait(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    clock.shift(HOUR)
    jwks.key_for("current")
    tenant.keys.append(jwk("rotated"))
    assert knows(jwks, "rotated")


def test_first_fetch_does_not_start_the_wait(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    assert not knows(jwks, "rotated")
    tenant.keys.append(jwk("rotated"))
    assert knows(jwks, "rotated")


def test_known_keys_need_no_fetch_during_the_wait(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    assert not any(knows(jwks, f"made-up-{number}") for number in range(9))
    assert knows(jwks, "current")
    assert tenant.fetches == 2


@pytest.mark.parametrize("key_id", ["", "../x", "a" * 10_000, "\0", "\ud800", "current\n"])
def test_odd_id_is_unknown(tenant: Tenant, key_id: str) -> None:
    with pytest.raises(UnknownKey):
        process_of(tenant).key_for(key_id)


# Revoked keys


def test_revoked_key_is_dropped_by_a_good_answer(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.keys[:] = [jwk("rotated")]
    clock.shift(HOUR)
    assert not knows(jwks, "current")


def test_revoked_key_is_dropped_by_a_forced_answer(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.keys[:] = [jwk("rotated")]
    assert knows(jwks, "rotated")
    tenant.outage = Unavailable()
    with pytest.raises((UnknownKey, Unavailable)):
        jwks.key_for("current")


def test_revoked_key_is_dropped_by_a_set_of_another_process(
    tenant: Tenant, store: Store, clock: Clock
) -> None:
    first, second = process_of(tenant, store), process_of(tenant, store)
    first.key_for("current"), second.key_for("current")
    clock.shift(HOUR)
    tenant.keys[:] = [jwk("rotated")]
    assert knows(first, "rotated")
    assert not knows(second, "current")


def test_key_replaced_under_its_id_is_the_new_one(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.keys[:] = [{**jwk("rotated"), "kid": "current"}]
    clock.shift(HOUR)
    assert jwks.key_for("current").public_numbers() == numbers_of("rotated")


# Outages

BAD_ANSWERS: dict[str, Any] = {
    "list": [jwk("rotated")],
    "string": "keys",
    "number": 1,
    "true": True,
    "no-keys": {"jwks": []},
    "null-keys": {"keys": None},
    "object-of-keys": {"keys": {"current": jwk("current")}},
    "empty": {"keys": []},
    "nothing-usable": {"keys": [None, 1, "key", [], {}, {"kty": "RSA"}]},
    "other-algorithm": {"keys": [jwk("rotated", alg="RS512")]},
}


@pytest.mark.parametrize("answer", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_bad_answer_does_not_empty_a_good_set(tenant: Tenant, clock: Clock, answer: Any) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.answer = answer
    clock.shift(HOUR)
    assert knows(jwks, "current")
    assert tenant.fetches == 2


@pytest.mark.parametrize("answer", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_bad_answer_at_first_is_unavailable(tenant: Tenant, answer: Any) -> None:
    tenant.answer = answer
    with pytest.raises(Unavailable):
        process_of(tenant).key_for("current")


def test_old_set_serves_a_day_while_there_is_no_answer(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.outage = Unavailable()
    clock.shift(DAY - 1)
    assert knows(jwks, "current")
    clock.shift(1)
    with pytest.raises(Unavailable):
        jwks.key_for("current")


def test_old_shared_set_serves_a_new_process(tenant: Tenant, store: Store, clock: Clock) -> None:
    process_of(tenant, store).key_for("current")
    tenant.outage = Unavailable()
    clock.shift(DAY - 1)
    assert knows(process_of(tenant, store), "current")
    clock.shift(1)
    with pytest.raises(Unavailable):
        process_of(tenant, store).key_for("current")


def test_outage_is_asked_about_every_half_minute(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.outage = Unavailable()
    for second in range(91):
        clock.move_to(NOW + HOUR + second)
        assert knows(jwks, "current")
    assert tenant.fetches == 1 + 4


REFUSALS = [RateLimited(7), Misconfigured("…"), AccessDenied(), TooManyAttempts(), Unavailable()]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: type(refusal).__name__)
def test_any_refusal_is_an_outage(tenant: Tenant, clock: Clock, refusal: Auth0Error) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.outage = refusal
    clock.shift(HOUR)
    assert knows(jwks, "current")
    with pytest.raises(Unavailable):
        jwks.key_for("made-up")


def test_end_of_an_outage_renews_the_set(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.outage = Unavailable()
    clock.shift(HOUR)
    jwks.key_for("current")
    tenant.outage = None
    tenant.keys[:] = [jwk("rotated")]
    clock.shift(MINUTE)
    assert (knows(jwks, "current"), knows(jwks, "rotated")) == (False, True)


def test_failed_forced_fetch_keeps_the_fresh_set(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.outage = Unavailable()
    with pytest.raises(Unavailable):
        jwks.key_for("rotated")
    assert knows(jwks, "current")


def test_unknown_key_during_an_outage_cannot_be_judged(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.outage = Unavailable()
    for shift in (0, 0, HOUR, 0):
        clock.shift(shift)
        with pytest.raises(Unavailable):
            jwks.key_for("rotated")


def test_unknown_key_is_judged_by_a_set_younger_than_the_outage(
    tenant: Tenant, store: Store, clock: Clock
) -> None:
    first, second = process_of(tenant, store), process_of(tenant, store)
    first.key_for("current")
    tenant.outage = Unavailable()
    with pytest.raises(Unavailable):
        first.key_for("made-up")
    tenant.outage = None
    clock.shift(HOUR)
    second.key_for("current")
    assert not any(knows(second, "made-up") for _ in range(2))
    assert not knows(first, "made-up")


def test_clock_set_back_makes_a_set_old_not_young(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    clock.shift(-DAY)
    jwks.key_for("current")
    assert tenant.fetches == 2


# Threads


class SlowTenant(Tenant):
    """Answers when told to."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        super().__init__(*keys)
        self.asked, self.may_answer = threading.Event(), threading.Event()

    def __call__(self) -> Any:
        self.asked.set()
        assert self.may_answer.wait(30)
        return super().__call__()


def ask_at_once(jwks: JWKS, tenant: SlowTenant, threads: int) -> list[Any]:
    """Have threads ask while the first of them waits for its answer."""
    begun = threading.Barrier(threads + 1, timeout=30)

    def ask(name: str) -> Any:
        begun.wait()
        try:
            return knows(jwks, name)
        except Unavailable:
            return None

    with ThreadPoolExecutor(threads) as pool:
        results = pool.map(ask, repeat("current", threads))
        begun.wait()
        assert tenant.asked.wait(30)
        tenant.may_answer.set()
        return list(results)


def test_many_threads_at_a_cold_start_make_one_fetch() -> None:
    tenant = SlowTenant(jwk("current"))
    assert ask_at_once(process_of(tenant), tenant, 24) == [True] * 24
    assert tenant.fetches == 1


def test_many_threads_at_a_cold_start_wait_for_one_failure(clock: Clock) -> None:
    tenant = SlowTenant()
    tenant.outage = Unavailable()
    assert ask_at_once(process_of(tenant), tenant, 24) == [None] * 24
    assert tenant.fetches == 1


def test_next_call_after_a_failure_at_a_cold_start_asks_again(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    tenant.outage = Unavailable()
    with pytest.raises(Unavailable):
        jwks.key_for("current")
    clock.shift(1)
    tenant.outage = None
    assert knows(jwks, "current")


def test_known_key_is_found_while_another_is_fetched(tenant: Tenant) -> None:
    slow = SlowTenant(jwk("current"))
    jwks = process_of(slow)
    slow.may_answer.set()
    jwks.key_for("current")
    slow.may_answer.clear()
    slow.asked.clear()
    with ThreadPoolExecutor(1) as pool:
        unknown = pool.submit(knows, jwks, "made-up")
        assert slow.asked.wait(30)
        assert knows(jwks, "current")
        assert not unknown.done()
        slow.may_answer.set()


# Odd entries

ODD_KEYS: dict[str, Any] = {
    "null": None,
    "number": 1,
    "string": "current",
    "list": [],
    "empty": {},
    "no-kid": jwk(MISSING),
    "kid-null": jwk(None),
    "kid-number": jwk(1),
    "kid-list": jwk(["odd"]),
    "elliptic": ec_jwk("odd"),
    "symmetric": {"kty": "oct", "k": "c2VjcmV0", "kid": "odd"},
    "unknown-type": jwk("odd", kty="AKP"),
    "no-type": jwk("odd", kty=MISSING),
    "type-list": jwk("odd", kty=["RSA"]),
    "for-encryption": jwk("odd", use="enc"),
    "use-list": jwk("odd", use=["sig"]),
    "other-algorithm": jwk("odd", alg="RS512"),
    "other-padding": jwk("odd", alg="PS256"),
    "for-key-wrapping": jwk("odd", alg="RSA-OAEP"),
    "private": private_jwk("odd"),
    "no-modulus": jwk("odd", n=MISSING),
    "no-exponent": jwk("odd", e=MISSING),
    "modulus-number": jwk("odd", n=3),
    "modulus-null": jwk("odd", n=None),
    "modulus-empty": jwk("odd", n=""),
    "modulus-zero": jwk("odd", n="AA"),
    "modulus-small": jwk("odd", n="Dw"),
    "modulus-no-base64": jwk("odd", n="!!!"),
    "modulus-not-ascii": jwk("odd", n="é"),
    "modulus-surrogate": jwk("odd", n="\ud800"),
    "exponent-one": jwk("odd", e="AQ"),
    "exponent-even": jwk("odd", e="BA"),
    "exponent-zero": jwk("odd", e="AA"),
    "exponent-list": jwk("odd", e=["AQAB"]),
    "exponent-huge": jwk("odd", e="_" * 4000),
}


@pytest.mark.parametrize("entry", ODD_KEYS.values(), ids=ODD_KEYS)
def test_odd_entry_is_ignored(tenant: Tenant, entry: Any) -> None:
    tenant.keys[:] = [entry, jwk("current"), entry]
    jwks = process_of(tenant)
    assert (knows(jwks, "current"), knows(jwks, "odd")) == (True, False)


@pytest.mark.parametrize(
    "changes",
    [{}, {"use": MISSING}, {"alg": MISSING}, {"use": None, "alg": None}, {"x5c": ["MIIB"]}],
)
def test_optional_members_may_be_missing(tenant: Tenant, changes: dict[str, Any]) -> None:
    tenant.keys[:] = [jwk("current", **changes)]
    assert knows(process_of(tenant), "current")


def test_second_key_of_an_id_is_ignored(tenant: Tenant) -> None:
    tenant.keys.append({**jwk("other"), "kid": "current"})
    assert knows(process_of(tenant), "current")


def test_set_is_bounded(tenant: Tenant) -> None:
    tenant.keys[:] = [{**jwk("current"), "kid": str(number)} for number in range(500)]
    jwks = process_of(tenant)
    assert jwks.key_for("49")
    with pytest.raises(UnknownKey):
        jwks.key_for("50")


def test_ps256_takes_keys_of_its_own_algorithm(tenant: Tenant) -> None:
    tenant.keys.append(jwk("padded", alg="PS256"))
    jwks = process_of(tenant, algorithm="PS256")
    assert (knows(jwks, "padded"), knows(jwks, "current")) == (True, False)
