"""Measure the variants of a step in turns, so that all of them meet the same machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, connections
from site_requests import PEOPLE, Site
from tenant import NO_DELAYS, Delays, Tenant
from wsgi import Environ

# Logins of a variant that are made ready together, to be sent one by one, unless told otherwise.
BATCH = 10
# Logins that each thread sends, where there are several; never more than a batch.
THREAD_BATCH = 4

# Makes one more person's request ready to be sent.
Prepare = Callable[[], Environ]
Variants = Mapping[str, Prepare]


@dataclass
class Counts:
    """What one login of a variant takes: calls to Auth0, new connections to it, statements."""

    calls: float
    connections: float
    statements: float


@dataclass
class Times:
    """Seconds of CPU and by the clock of each login, and logins per second of each batch."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)


class Bench:
    """Measures what one thread, and ``threads`` threads, get out of a site and its tenant."""

    def __init__(self, site: Site, tenant: Tenant, threads: int, batch: int = BATCH) -> None:
        if threads * THREAD_BATCH > PEOPLE:
            raise ValueError(f"There are people for {PEOPLE // THREAD_BATCH} threads at most.")
        self._site = site
        self._tenant = tenant
        self._threads = threads
        self._batch = batch
        self._thread_batch = min(batch, THREAD_BATCH)

    def count(self, variants: Variants) -> dict[str, Counts]:
        """Return what a login of each variant takes, once the process is warm."""
        self.warm_up(variants)
        return {name: self._count(prepare) for name, prepare in variants.items()}

    def warm_up(self, variants: Variants) -> None:
        """Have all done that a process does once: imports, keys, a connection for each thread."""
        for prepare in variants.values():
            # Slow enough for all threads to wait at the same time.
            self._send_at_once(
                self._ready(prepare, self._thread_batch * self._threads, Delays(0.2))
            )

    def _count(self, prepare: Prepare) -> Counts:
        statements: list[str] = []

        def note(execute: Any, sql: str, *arguments: Any) -> Any:
            statements.append(sql)
            return execute(sql, *arguments)

        requests = self._ready(prepare, self._batch, NO_DELAYS)
        calls, connected = self._tenant.counts()
        with connection.execute_wrapper(note):
            for request in requests:
                self._site.answer(request)
        calls_now, connected_now = self._tenant.counts()
        return Counts(
            (calls_now - calls) / self._batch,
            (connected_now - connected) / self._batch,
            # Only SQLite's backend passes on that a transaction begins.
            sum(not sql.startswith("BEGIN") for sql in statements) / self._batch,
        )

    def time(
        self, variants: Variants, delays: Delays, *, rounds: int, seconds: float
    ) -> dict[str, Times]:
        """Return the times of each variant after so many rounds, or once the time is up."""
        ends_at = time.monotonic() + seconds
        times = {name: Times() for name in variants}
        for _ in range(rounds):
            self._time_one_by_one(variants, delays, times)
            self.time_at_once(variants, delays, times)
            if time.monotonic() > ends_at:
                break
        return times

    def _time_one_by_one(self, variants: Variants, delays: Delays, times: dict[str, Times]) -> None:
        """Send a batch of each variant: A B C A B C, and so on."""
        batches = [self._ready(prepare, self._batch, delays) for prepare in variants.values()]
        for turn in zip(*batches, strict=True):
            for name, request in zip(variants, turn, strict=True):
                wall, cpu = time.perf_counter(), time.process_time()
                self._site.answer(request)
                times[name].cpu.append(time.process_time() - cpu)
                times[name].wall.append(time.perf_counter() - wall)

    def time_at_once(self, variants: Variants, delays: Delays, times: dict[str, Times]) -> None:
        """Send a batch of each variant, by all threads."""
        for name, prepare in variants.items():
            requests = self._ready(prepare, self._thread_batch * self._threads, delays)
            times[name].per_second.append(len(requests) / self._send_at_once(requests))

    def _ready(self, prepare: Prepare, count: int, delays: Delays) -> list[Environ]:
        """Return requests that wait to be sent; only from now on the tenant is slow."""
        self._tenant.delay(NO_DELAYS)
        requests = [prepare() for _ in range(count)]
        self._tenant.delay(delays)
        return requests

    def _send_at_once(self, requests: list[Environ]) -> float:
        """Send these by all threads, and return how long it took, in seconds.

        The threads start with a database connection each, as those of a server would.
        """
        line = threading.Barrier(self._threads + 1, timeout=60)

        def send(share: list[Environ]) -> None:
            connection.ensure_connection()
            line.wait()
            try:
                for request in share:
                    self._site.answer(request)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(self._threads) as pool:
            shares = [requests[start :: self._threads] for start in range(self._threads)]
            tasks = [pool.submit(send, share) for share in shares]
            line.wait()
            began = time.perf_counter()
            for task in tasks:
                task.result()
            return time.perf_counter() - began
