"""Memory of a process, and logins a second as threads grow while Auth0 is slow: see README.md."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterable, Sequence

from login import MAILED_CODE, OURS
from measure import Bench, Prepare, Times, Variants
from project import describe, project_for
from site_requests import Site
from tenant import Delays, tenant_process
from workers import worker

FLOOR = "login(), POST, RS256"
LOGINS = (0, 1, 100, 1000)
THREADS = (1, 2, 4, 8, 16, 32, 64)
SLOW = Delays(0.2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print as it goes."""
    options = parse(arguments)
    with tenant_process() as tenant, project_for(tenant):
        site = Site(tenant)
        every = MAILED_CODE.variants(site)
        variants = {name: every[name] for name in (FLOOR, OURS)}
        print(describe())
        logins = sorted({min(number, options.logins) for number in LOGINS})
        print(f"\n{'MiB resident / its own, after logins':40}", *(f"{n:>14}" for n in logins))
        for name, prepare in variants.items():
            used = memory(prepare, logins, is_floor=name == FLOOR)
            print(f"{name:40}", *(f"{text:>14}" for text in used), flush=True)
        print(f"\n{f'Logins a second, {SLOW}':40}", *(f"{name:>21}" for name in variants))
        for threads in (number for number in THREADS if number <= options.threads):
            bench = Bench(site, tenant, threads)
            rates = logins_per_second(bench, variants, options.rounds)
            print(f"{threads:7} threads{'':25}", *(f"{rate:21.1f}" for rate in rates), flush=True)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--logins", type=int, default=max(LOGINS), help="at most (%(default)s)")
    parser.add_argument("--threads", type=int, default=max(THREADS), help="at most (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of all threads (%(default)s)")
    return parser.parse_args(arguments)


def memory(prepare: Prepare, logins: Sequence[int], *, is_floor: bool) -> Iterable[str]:
    """Return what a process has in MiB after each of these numbers of logins."""
    environment = {"BENCHMARK_FLOOR_ONLY" if is_floor else "BENCHMARK_PAGES_ONLY": "1"}
    with worker(**environment) as serving:
        said = [serving.ready, *(serving.answer(prepare()) for _ in range(max(logins)))]
    return [f"{said[n]['resident']:.1f} / {said[n]['unique']:.1f}" for n in logins]


def logins_per_second(bench: Bench, variants: Variants, rounds: int) -> list[float]:
    """Return how many logins all threads get through, of each variant."""
    times = {name: Times() for name in variants}
    bench.warm_up(variants)
    for _ in range(rounds):
        bench.time_at_once(variants, SLOW, times)
    return [statistics.median(figures.per_second) for figures in times.values()]


if __name__ == "__main__":
    main()
