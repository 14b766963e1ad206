"""How long a set of keys serves, and when the next one is fetched."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.auth0.verification.key_cache import KeyCache
from django_pwdless.exceptions import Unavailable, UnknownKey
from tests.auth0.key_cache.tenant import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    BrokenStore,
    Clock,
    Store,
    Tenant,
    knows,
    process_of,
)
from tests.auth0.keys import jwk


def test_key_is_found_by_its_id(tenant: Tenant) -> None:
    tenant.keys.append(jwk("second"))
    jwks = process_of(tenant)
    assert (knows(jwks, "current"), knows(jwks, "second"), knows(jwks, "third")) == (1, 1, 0)


def test_nothing_is_fetched_before_it_is_needed(tenant: Tenant) -> None:
    process_of(tenant)
    assert tenant.fetches == 0


def test_no_id_has_no_key(tenant: Tenant) -> None:
    with pytest.raises(UnknownKey):
        process_of(tenant).key_for(None)
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
    KeyCache(ours, algorithm="RS256", store=store, name="ours").key_for("current")
    assert not knows(KeyCache(theirs, algorithm="RS256", store=store, name="theirs"), "current")


def test_keys_at_hand_serve_through_an_outage(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    jwks.prepare()
    tenant.outage = Unavailable()
    jwks.prepare()
    assert knows(jwks, "current")
    clock.shift(DAY - 1)
    jwks.prepare()
    clock.shift(1)
    with pytest.raises(Unavailable):
        jwks.prepare()


def test_having_keys_at_hand_costs_one_fetch_an_hour(tenant: Tenant, clock: Clock) -> None:
    jwks = process_of(tenant)
    for minute in range(61):
        clock.move_to(NOW + minute * MINUTE)
        jwks.prepare()
    assert tenant.fetches == 2
