"""Processes that ask at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from django_pwdless.auth0.verification.key_cache import FETCH_WAIT, KeyCache
from django_pwdless.exceptions import Unavailable
from tests.auth0.key_cache.tenant import (
    HOUR,
    Clock,
    SlowTenant,
    Store,
    Tenant,
    knows,
    process_of,
)
from tests.auth0.keys import jwk


def fetch_meanwhile(first: KeyCache, others: list[KeyCache], tenant: SlowTenant) -> list[bool]:
    """Have processes look for the key while the first of them waits for Auth0's answer."""
    with ThreadPoolExecutor(1 + len(others)) as pool:
        answers = [pool.submit(knows, first, "current")]
        assert tenant.asked.wait(30)
        answers += [pool.submit(knows, other, "current") for other in others]
        assert not any(answer.done() for answer in answers)
        tenant.may_answer.set()
        return [answer.result() for answer in answers]


def test_many_processes_at_a_cold_start_make_one_fetch(store: Store) -> None:
    tenant = SlowTenant(jwk("current"))
    first, *others = [process_of(tenant, store) for _ in range(8)]
    assert fetch_meanwhile(first, others, tenant) == [True] * 8
    assert tenant.fetches == 1


@pytest.mark.parametrize("age", [1, HOUR])
def test_rotated_key_is_waited_for_while_another_process_fetches_it(
    age: int, store: Store, clock: Clock
) -> None:
    tenant = SlowTenant(jwk("previous"))
    first, *others = processes = [process_of(tenant, store) for _ in range(8)]
    tenant.may_answer.set()
    assert all(knows(process, "previous") for process in processes)
    tenant.keys = [jwk("current")]
    tenant.asked.clear()
    tenant.may_answer.clear()
    clock.shift(age)
    assert fetch_meanwhile(first, others, tenant) == [True] * 8
    assert tenant.fetches == 2


def test_processes_do_not_wait_for_one_that_failed(store: Store) -> None:
    tenant = SlowTenant(jwk("current"))
    tenant.outage = Unavailable()
    tenant.may_answer.set()
    with pytest.raises(Unavailable):
        process_of(tenant, store).key_for("current")
    tenant.outage = None
    assert all(knows(process_of(tenant, store), "current") for _ in range(3))
    assert tenant.fetches == 2


class WatchedStore(Store):
    """Tells when somebody has come upon a claim of another's."""

    def __init__(self) -> None:
        super().__init__()
        self.refused = threading.Event()

    def add(self, key: str, seconds: int) -> bool:
        is_first = super().add(key, seconds)
        if not is_first:
            self.refused.set()
        return is_first


def test_process_that_was_killed_while_it_fetched_is_not_waited_for_in_vain(
    tenant: Tenant, clock: Clock
) -> None:
    killed, store = SlowTenant(jwk("current")), WatchedStore()
    with ThreadPoolExecutor(2) as pool:
        pool.submit(knows, process_of(killed, store), "current")
        assert killed.asked.wait(30)
        other = pool.submit(knows, process_of(tenant, store), "current")
        assert store.refused.wait(30)
        assert not other.done()
        clock.shift(FETCH_WAIT)
        assert other.result(30)
        killed.may_answer.set()
    assert tenant.fetches == 1
