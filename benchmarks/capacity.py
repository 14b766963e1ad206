"""Memory of a process, and logins a second as threads grow while Auth0 is slow: see README.md."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from login import FLOOR_2, OURS, STEPS
from measure import Bench, Prepare, Times, Variants
from project import describe, project_for
from site_requests import Environ, Site
from tenant import Delays, tenant_process

LOGINS = (1, 100, 300)
THREADS = (1, 2, 4, 8, 16, 32, 64)
SLOW = Delays(0.2)
ROUNDS = 3


def main() -> None:
    """Measure, and print as it goes."""
    with tenant_process() as tenant, project_for(tenant):
        site = Site(tenant)
        variants = STEPS[0].variants(site)
        print(describe())
        print(f"\n{'MiB of a process after logins':32}" + "".join(f"{n:>10}" for n in LOGINS))
        for name in (FLOOR_2, OURS):
            used = memory(variants[name], is_floor=name == FLOOR_2)
            print(f"{name:32}" + "".join(f"{mib:10.1f}" for mib in used), flush=True)
        print(f"\n{f'Logins a second, {SLOW}':32}" + "".join(f"{n:>22}" for n in (FLOOR_2, OURS)))
        for threads in THREADS:
            rates = logins_per_second(Bench(site, tenant, threads), variants)
            print(f"{threads:3} threads" + " " * 21, *(f"{r:21.1f}" for r in rates), flush=True)


def memory(prepare: Prepare, *, is_floor: bool) -> list[float]:
    """Return the most MiB that a process has used after each number of ``LOGINS``."""
    environment = {**os.environ, **({"BENCHMARK_FLOOR_ONLY": "1"} if is_floor else {})}
    command = [sys.executable, str(Path(__file__).with_name("worker.py"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as worker:
        assert worker.stdin is not None and worker.stdout is not None
        used = []
        for _ in range(max(LOGINS)):
            worker.stdin.write(as_line(prepare()))
            worker.stdin.flush()
            answer = json.loads(worker.stdout.readline())
            if not answer["status"].startswith("302"):
                raise RuntimeError(f"{worker.args} answered {answer['status']}")
            used.append(answer["memory"])
        worker.stdin.close()
    return [used[logins - 1] for logins in LOGINS]


def as_line(environ: Environ) -> str:
    """Return a request as ``worker.py`` reads it."""
    body = environ["wsgi.input"].read().decode()
    return json.dumps({**environ, "wsgi.input": body, "wsgi.errors": None}) + "\n"


def logins_per_second(bench: Bench, variants: Variants) -> list[float]:
    """Return how many logins all threads get through, at the second floor and here."""
    compared = {name: variants[name] for name in (FLOOR_2, OURS)}
    times = {name: Times() for name in compared}
    bench.warm_up(compared)
    for _ in range(ROUNDS):
        bench.time_at_once(compared, SLOW, times)
    return [statistics.median(figures.per_second) for figures in times.values()]


if __name__ == "__main__":
    main()
