"""Somebody who waits only so long for a key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from django_pwdless.exceptions import Unavailable
from tests.auth0.key_cache.tenant import Clock, SlowTenant, Store, Tenant, knows, process_of
from tests.auth0.keys import jwk


class TimedTenant(Tenant):
    """Notes how long each fetch may take."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        super().__init__(*keys)
        self.within: list[float | None] = []

    def __call__(self, within: float | None = None) -> Any:
        self.within.append(within)
        return super().__call__()


def test_fetch_may_take_what_is_left(clock: Clock) -> None:
    tenant = TimedTenant(jwk("current"))
    assert knows(process_of(tenant), "current", within=2)
    assert knows(process_of(tenant), "current")
    assert tenant.within == [2, None]


def test_thread_that_fetches_is_not_waited_for_longer() -> None:
    tenant = SlowTenant(jwk("current"))
    jwks = process_of(tenant)
    with ThreadPoolExecutor(1) as pool:
        login = pool.submit(knows, jwks, "current")
        assert tenant.asked.wait(30)
        with pytest.raises(Unavailable):
            jwks.key_for("current", within=0.01)
        tenant.may_answer.set()
        assert login.result()


def test_process_that_fetches_is_not_waited_for_longer(store: Store) -> None:
    tenant = SlowTenant(jwk("current"))
    with ThreadPoolExecutor(1) as pool:
        login = pool.submit(knows, process_of(tenant, store), "current")
        assert tenant.asked.wait(30)
        with pytest.raises(Unavailable):
            process_of(tenant, store).key_for("current", within=0.01)
        tenant.may_answer.set()
        assert login.result()


def test_answer_that_was_not_waited_for_is_no_outage_for_others(
    clock: Clock, tenant: Tenant, store: Store
) -> None:
    jwks, other = process_of(TimedTenant(), store), process_of(tenant, store)
    with pytest.raises(Unavailable):
        jwks.key_for("current", within=2)
    assert knows(other, "current")
    assert knows(jwks, "current")
