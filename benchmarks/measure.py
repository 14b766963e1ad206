"""Measure the variants of a step in turns, so that all of them meet the same machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, connections
from site_requests import Environ, Site
from tenant import NO_DELAYS, Delays, Tenant

# Logins of a variant that are made ready together, then sent one by one.
BATCH = 20
# Logins that each thread sends, where there are several.
THREAD_BATCH = 4

# Makes the next person's request ready to be sent.
Prepare = Callable[[], Environ]


@dataclass
class Figures:
    """What a variant costs: counts per login, seconds of each login, logins per second."""

    calls: float = 0
    connections: float = 0
    statements: float = 0
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)


class Bench:
    """Measures what one thread, and ``threads`` threads, get out of a site and its tenant."""

    def __init__(self, site: Site, tenant: Tenant, threads: int) -> None:
        self._site = site
        self._tenant = tenant
        self._threads = threads

    def measure(
        self, variants: Mapping[str, Prepare], delays: Delays, *, rounds: int, seconds: float
    ) -> dict[str, Figures]:
        """Return the figures of each variant after so many rounds, or once the time is up."""
        ends_at = time.monotonic() + seconds
        figures = {name: Figures() for name in variants}
        for name, prepare in variants.items():
            self._warm_up(prepare)
            self._count(figures[name], self._ready(prepare, BATCH, delays))
        for _ in range(rounds):
            self._time_one_by_one(variants, delays, figures)
            self._time_at_once(variants, delays, figures)
            if time.monotonic() > ends_at:
                break
        return figures

    def _ready(self, prepare: Prepare, count: int, delays: Delays) -> list[Environ]:
        """Return requests that wait to be sent; only from now on the tenant is slow."""
        self._tenant.delay(NO_DELAYS)
        requests = [prepare() for _ in range(count)]
        self._tenant.delay(delays)
        return requests

    def _warm_up(self, prepare: Prepare) -> None:
        """Have everything done that a process does once: imports, keys, a connection a thread."""
        self._send_at_once(self._ready(prepare, 2 * self._threads, Delays(0.05)))

    def _count(self, figures: Figures, requests: list[Environ]) -> None:
        """Count, apart from the timing, which it would distort."""
        statements: list[str] = []

        def note(execute: Any, sql: str, *arguments: Any) -> Any:
            statements.append(sql)
            return execute(sql, *arguments)

        calls, connected = self._tenant.counts()
        with connection.execute_wrapper(note):
            for request in requests:
                self._site.send(request)
        calls_now, connected_now = self._tenant.counts()
        figures.calls = (calls_now - calls) / len(requests)
        figures.connections = (connected_now - connected) / len(requests)
        # Only SQLite's backend passes this on as a statement.
        figures.statements = sum(sql != "BEGIN" for sql in statements) / len(requests)

    def _time_one_by_one(
        self, variants: Mapping[str, Prepare], delays: Delays, figures: dict[str, Figures]
    ) -> None:
        """Send a batch of each variant, A B C A B C and so on."""
        batches = [self._ready(prepare, BATCH, delays) for prepare in variants.values()]
        for turn in zip(*batches, strict=True):
            for name, request in zip(variants, turn, strict=True):
                wall, cpu = time.perf_counter(), time.process_time()
                self._site.send(request)
                figures[name].cpu.append(time.process_time() - cpu)
                figures[name].wall.append(time.perf_counter() - wall)

    def _time_at_once(
        self, variants: Mapping[str, Prepare], delays: Delays, figures: dict[str, Figures]
    ) -> None:
        for name, prepare in variants.items():
            requests = self._ready(prepare, THREAD_BATCH * self._threads, delays)
            figures[name].per_second.append(len(requests) / self._send_at_once(requests))

    def _send_at_once(self, requests: list[Environ]) -> float:
        """Send these by all threads, and return how long it took, in seconds.

        The threads start with a database connection each, as those of a server would.
        """
        line = threading.Barrier(self._threads + 1)

        def send(share: list[Environ]) -> None:
            connection.ensure_connection()
            line.wait()
            try:
                for request in share:
                    self._site.send(request)
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
