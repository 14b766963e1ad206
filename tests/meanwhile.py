"""What happens while Auth0's answer is on its way, in an order that no machine's speed changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connections

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.faults.armed import ArmedFault
from tests.journeys.browser import TOKEN

#: Seconds that an answer is held where a test forgets it: the site would wait no longer either.
PATIENCE = 10


@contextmanager
def held(tenant: LocalTenant) -> Iterator[threading.Event]:
    """Hold the next answer of the token endpoint, its work done, until the block ends.

    The event tells that it is held. A fault that is armed there is not lost.
    """
    is_held, may_go = threading.Event(), threading.Event()

    def hold(*_: Any) -> None:
        is_held.set()
        may_go.wait(PATIENCE)

    faults = tenant.state.faults
    armed = next((fault for fault in faults.armed() if fault.path == TOKEN), None)
    answer = armed.answer if armed else None
    faults.arm(ArmedFault(TOKEN, "held", times=1, after=True, answer=answer, spoil=hold))
    try:
        yield is_held
    finally:
        may_go.set()


def meanwhile(tenant: LocalTenant, step: Callable[[], Any], other: Callable[[], Any]) -> Any:
    """Do something else while Auth0 answers a step; return the step's answer."""
    with ThreadPoolExecutor(1) as pool:
        with held(tenant) as is_held:
            late = pool.submit(closing, step)
            while not is_held.wait(0.01) and not late.done():
                pass
            assert is_held.is_set(), late.result()
            other()
        return late.result()


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Take steps that begin at the same moment; return their answers in order."""
    begin = threading.Barrier(len(steps))

    def take(step: Callable[[], Any]) -> Any:
        begin.wait(PATIENCE)
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return [each.result() for each in [pool.submit(closing, partial(take, it)) for it in steps]]


def closing(step: Callable[[], Any]) -> Any:
    """Take a step in a thread of its own, which leaves no connection to the database open."""
    try:
        return step()
    finally:
        connections.close_all()
