"""What the last step of a returning person's login costs, beside two floors: see README.md."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from measure import Bench, Counts, Times, Variants
from project import describe, project_for
from report import CPU, LATENCY, count_table, time_table
from site_requests import Environ, Site
from tenant import NO_DELAYS, Delays, tenant_process

FLOOR_1 = "login()"
FLOOR_2 = "login(), POST, RS256"
OURS = "django_pwdless"

NEAR = Delays(0.02)
NEAR_OVER_TLS = Delays(0.02, 0.04)


@dataclass(frozen=True)
class Step:
    """A last step of a login, its second floor, and how slow the tenant is to be."""

    title: str
    prepare: Callable[[Site, str], Environ]
    path: str
    floor_path: str
    conditions: Sequence[Delays]

    def variants(self, site: Site) -> Variants:
        """Return the ways to have the step answered, ours last."""
        paths = {FLOOR_1: "/floors/login/", FLOOR_2: self.floor_path, OURS: self.path}
        return {name: partial(self.prepare, site, path) for name, path in paths.items()}


STEPS = (
    Step(
        "A mailed code",
        Site.typed_code,
        "/accounts/verify/",
        "/floors/code/",
        (NO_DELAYS, NEAR, NEAR_OVER_TLS),
    ),
    Step(
        "A mailed link",
        Site.pressed_link,
        "/accounts/callback/",
        "/floors/link/",
        (NO_DELAYS, NEAR_OVER_TLS),
    ),
    Step(
        "An authenticator app's code",
        Site.typed_app_code,
        "/accounts/mfa/challenge/",
        "/floors/app/",
        (NO_DELAYS, NEAR_OVER_TLS),
    ),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print as it goes."""
    options = parse(arguments)
    share = options.seconds / sum(len(step.conditions) for step in STEPS)
    with tenant_process() as tenant, project_for(tenant):
        site = Site(tenant)
        bench = Bench(site, tenant, options.threads)
        print(describe())
        for step in STEPS:
            variants = step.variants(site)
            counts = bench.count(variants)
            print("", *count_table(step.title, counts), sep="\n", flush=True)
            for delays in step.conditions:
                times = bench.time(variants, delays, rounds=options.rounds, seconds=share)
                print("", *time_table(str(delays), times), sep="\n", flush=True)
            print("", *aims(counts, times), sep="\n", flush=True)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="of 10 logins (%(default)s)")
    parser.add_argument("--threads", type=int, default=8, help="at once (%(default)s)")
    parser.add_argument("--seconds", type=float, default=70, help="in all, about (%(default)s)")
    return parser.parse_args(arguments)


def aims(counts: dict[str, Counts], times: dict[str, Times]) -> Iterator[str]:
    """Yield each aim, whether it is met, and what was measured."""
    ours, more = counts[OURS], counts[OURS].statements - counts[FLOOR_1].statements
    cpu = CPU.ratio(times[OURS], times[FLOOR_2])
    latency = LATENCY.ratio(times[OURS], times[FLOOR_2])
    for is_met, text in (
        (ours.calls == 1, f"one call to Auth0: {ours.calls:g}"),
        (ours.connections == 0, f"no new connection: {ours.connections:g}"),
        (more <= 1, f"at most one statement more than {FLOOR_1}: {more:g}"),
        (cpu <= 1.15, f"CPU within 1.15 times {FLOOR_2}: {cpu:.2f}"),
        (latency <= 1.1, f"median latency within 1.1 times {FLOOR_2}: {latency:.2f}"),
    ):
        yield f"{'met' if is_met else 'MISSED':8}{text}"


if __name__ == "__main__":
    main()
