"""Threads that ask at the same moment, and a child forked meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

import pytest

from django_pwdless.auth0.verification.key_cache import KeyCache
from django_pwdless.exceptions import Unavailable
from tests.auth0.key_cache.tenant import (
    MINUTE,
    Clock,
    SlowTenant,
    Tenant,
    knows,
    process_of,
)
from tests.auth0.keys import jwk


def ask_at_once(jwks: KeyCache, tenant: SlowTenant, threads: int) -> list[Any]:
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


def slow_from_now_on() -> tuple[SlowTenant, KeyCache]:
    """A tenant that has answered at once so far, and a process that asked it."""
    slow = SlowTenant(jwk("current"))
    jwks = process_of(slow)
    slow.may_answer.set()
    jwks.key_for("current")
    slow.may_answer.clear()
    slow.asked.clear()
    return slow, jwks


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
    slow, jwks = slow_from_now_on()
    with ThreadPoolExecutor(1) as pool:
        unknown = pool.submit(knows, jwks, "made-up")
        assert slow.asked.wait(30)
        assert knows(jwks, "current")
        assert not unknown.done()
        slow.may_answer.set()


def test_known_key_is_found_during_a_fetch_when_it_is_time_to_look_for_newer_sets(
    clock: Clock,
) -> None:
    slow, jwks = slow_from_now_on()
    clock.shift(MINUTE)
    with ThreadPoolExecutor(1) as pool:
        unknown = pool.submit(knows, jwks, "made-up")
        assert slow.asked.wait(30)
        clock.shift(MINUTE)
        assert knows(jwks, "current")
        assert not unknown.done()
        slow.may_answer.set()


FORK_DURING_A_FETCH = """
import json, os, signal, sys, threading
from django_pwdless.auth0.client import ProcessStore
from django_pwdless.auth0.verification.key_cache import KeyCache

parent = os.getpid()
asked, may_answer = threading.Event(), threading.Event()

def fetch():
    if os.getpid() == parent:
        asked.set()
        may_answer.wait(30)
    return {"keys": [json.loads(sys.argv[1])]}

jwks = KeyCache(fetch, algorithm="RS256", store=ProcessStore(), name="jwks")
fetching = threading.Thread(target=jwks.key_for, args=["current"])
fetching.start()
assert asked.wait(30)
child = os.fork()
if not child:
    signal.alarm(10)
    jwks.key_for("current")
    os._exit(0)
status = os.waitpid(child, 0)[1]
may_answer.set()
fetching.join(30)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork")
def test_child_forked_during_a_fetch_does_not_wait_for_it() -> None:
    command = [sys.executable, "-c", FORK_DURING_A_FETCH, json.dumps(jwk("current"))]
    assert subprocess.run(command, timeout=60, check=False).returncode == 0
