"""Keys that are new, unknown or revoked."""

from __future__ import annotations

import pytest

from django_pwdless.exceptions import Unavailable, UnknownKey
from tests.auth0.key_cache.tenant import (
    HOUR,
    MINUTE,
    NOW,
    Clock,
    Store,
    Tenant,
    knows,
    numbers_of,
    process_of,
)
from tests.auth0.keys import jwk


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


def test_revoked_key_is_dropped_by_all_processes_in_half_a_minute(
    tenant: Tenant, store: Store, clock: Clock
) -> None:
    first, second = process_of(tenant, store), process_of(tenant, store)
    first.key_for("current"), second.key_for("current")
    clock.shift(1)
    tenant.keys[:] = [jwk("rotated")]
    assert knows(first, "rotated")
    clock.shift(29)
    assert not knows(second, "current")


def test_key_replaced_under_its_id_is_the_new_one(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.key_for("current")
    tenant.keys[:] = [{**jwk("rotated"), "kid": "current"}]
    clock.shift(HOUR)
    assert jwks.key_for("current").public_numbers() == numbers_of("rotated")
