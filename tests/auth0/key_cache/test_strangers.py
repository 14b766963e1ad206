"""Keys for tokens that anybody may have made up: threat 54."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from django_pwdless.exceptions import InvalidIssuer, Unavailable
from tests.auth0.key_cache.tenant import HOUR, NOW, Clock, Store, Tenant, knows, process_of
from tests.auth0.keys import jwk


def worth_it() -> None:
    """A token whose unverified claims fit."""


def worth_nothing() -> None:
    raise InvalidIssuer


def test_made_up_ids_leave_the_fetch_of_a_login(tenant: Tenant, store: Store, clock: Clock) -> None:
    processes = [process_of(tenant, store) for _ in range(3)]
    processes[0].key_for("current")
    for number in range(9):
        assert not any(knows(jwks, f"x{number}", before_fetch=worth_it) for jwks in processes)
    assert tenant.fetches == 2
    clock.shift(1)
    tenant.keys.append(jwk("rotated"))
    assert all(knows(jwks, "rotated") for jwks in processes)
    assert tenant.fetches == 3


def test_logins_leave_the_fetch_of_strangers(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    assert not knows(jwks, "made-up")
    tenant.keys.append(jwk("rotated"))
    assert not knows(jwks, "rotated")
    assert knows(jwks, "rotated", before_fetch=worth_it)


def test_strangers_force_one_fetch_in_thirty_seconds_over_all_processes(
    tenant: Tenant, store: Store, clock: Clock
) -> None:
    processes = [process_of(tenant, store) for _ in range(3)]
    processes[0].key_for("current")
    for second in range(91):
        clock.move_to(NOW + second)
        assert not any(knows(jwks, f"x{second}", before_fetch=worth_it) for jwks in processes)
    assert tenant.fetches == 1 + 4


@pytest.mark.parametrize("age", [None, 1, HOUR])
def test_token_that_is_not_worth_it_fetches_nothing(
    age: int | None, tenant: Tenant, clock: Clock
) -> None:
    jwks = process_of(tenant)
    if age is not None:
        jwks.key_for("current")
        clock.shift(age)
    before = tenant.fetches
    with pytest.raises(InvalidIssuer):
        jwks.key_for("made-up", before_fetch=worth_nothing)
    assert tenant.fetches == before


@pytest.mark.parametrize("before_fetch", [None, worth_it, worth_nothing])
def test_known_and_fresh_key_needs_no_look_at_the_token(
    before_fetch: Callable[[], object] | None, tenant: Tenant, clock: Clock
) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    assert knows(jwks, "current", before_fetch=before_fetch)
    assert tenant.fetches == 1


def test_strangers_fetch_that_failed_leaves_the_one_of_a_login(
    tenant: Tenant, clock: Clock
) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.outage = Unavailable()
    with pytest.raises(Unavailable):
        jwks.key_for("rotated", before_fetch=worth_it)
    clock.shift(1)
    tenant.outage = None
    tenant.keys.append(jwk("rotated"))
    assert knows(jwks, "rotated")
