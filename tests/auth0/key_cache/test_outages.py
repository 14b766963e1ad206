"""A tenant that gives no answer, or none that can be used."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.exceptions import (
    AccessDenied,
    Auth0Error,
    Misconfigured,
    RateLimited,
    TooManyAttempts,
    Unavailable,
)
from tests.auth0.key_cache.tenant import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    Clock,
    Store,
    Tenant,
    knows,
    process_of,
)
from tests.auth0.keys import jwk

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


def test_unknown_key_during_an_outage_cannot_be_judged_by_another_process(
    tenant: Tenant, store: Store, clock: Clock
) -> None:
    first, second = process_of(tenant, store), process_of(tenant, store)
    assert knows(first, "current") and knows(second, "current")
    clock.shift(1)
    tenant.outage = Unavailable()
    for process in (first, second):
        with pytest.raises(Unavailable):
            process.key_for("rotated")
    assert tenant.fetches == 2


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
