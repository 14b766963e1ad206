"""What each step of a returning person's login costs, beside two floors: see README.md."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from measure import BATCH, Bench, Counts, Times, Variants
from project import describe, project_for
from report import CPU, LATENCY, count_table, time_table
from site_requests import Site
from tenant import NO_DELAYS, Delays, tenant_process
from wsgi import Environ

OURS = "django_pwdless"

NEAR = Delays(0.02)
NEAR_OVER_TLS = Delays(0.02, 0.04)


@dataclass(frozen=True)
class Step:
    """A step of a login, and how slow the tenant is to be.

    ``floors`` are the paths of its two floors by their names; ``path`` is ours.
    """

    title: str
    prepare: Callable[[Site, str], Environ]
    path: str
    floors: Mapping[str, str]
    conditions: Sequence[Delays] = (NO_DELAYS, NEAR_OVER_TLS)

    def variants(self, site: Site) -> Variants:
        """Return the ways to have the step answered, ours last."""
        paths = {**self.floors, OURS: self.path}
        return {name: partial(self.prepare, site, path) for name, path in paths.items()}


def _login_floors(path: str) -> dict[str, str]:
    return {"login()": "/floors/login/", "login(), POST, RS256": path}


START = Step(
    "Asking for a code",
    Site.typed_address,
    "/accounts/login/",
    {"session": "/floors/session/", "session, POST": "/floors/start/"},
)
MAILED_CODE = Step(
    "A mailed code",
    Site.typed_code,
    "/accounts/verify/",
    _login_floors("/floors/code/"),
    (NO_DELAYS, NEAR, NEAR_OVER_TLS),
)
MAILED_LINK = Step(
    "A mailed link", Site.pressed_link, "/accounts/callback/", _login_floors("/floors/link/")
)
APP_CODE = Step(
    "An authenticator app's code",
    Site.typed_app_code,
    "/accounts/mfa/challenge/",
    _login_floors("/floors/app/"),
)
STEPS = (START, MAILED_CODE, MAILED_LINK, APP_CODE)
# The same from a front end of the site's own, beside the page.
JSON_STEPS = {
    "Asking for a code, JSON": dataclasses.replace(
        START, path="/json/login/", floors={**START.floors, "the page": START.path}
    ),
    "A mailed code, JSON": dataclasses.replace(
        MAILED_CODE,
        path="/json/login/code/",
        floors={**MAILED_CODE.floors, "the page": MAILED_CODE.path},
    ),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print as it goes."""
    options = parse(arguments)
    share = options.seconds / sum(len(step.conditions) for step in STEPS)
    with tenant_process() as tenant, project_for(tenant):
        site = Site(tenant)
        bench = Bench(site, tenant, options.threads, options.batch)
        print(describe())
        for step in STEPS:
            variants = step.variants(site)
            counts = bench.count(variants)
            print("", *count_table(step.title, counts), sep="\n", flush=True)
            for delays in step.conditions:
                times = bench.time(variants, delays, rounds=options.rounds, seconds=share)
                print("", *time_table(str(delays), times), sep="\n", flush=True)
            print("", *aims(counts, times), sep="\n", flush=True)
        pages = {
            "the first page": partial(site.login_page, "/accounts/login/"),
            "the page a code is typed on": partial(site.code_page, "/accounts/verify/"),
        }
        print("", *count_table("Pages shown", bench.count(pages)), sep="\n", flush=True)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="of a batch (%(default)s)")
    parser.add_argument("--batch", type=int, default=BATCH, help="logins (%(default)s)")
    parser.add_argument("--threads", type=int, default=8, help="at once (%(default)s)")
    parser.add_argument("--seconds", type=float, default=70, help="in all, about (%(default)s)")
    return parser.parse_args(arguments)


def aims(counts: dict[str, Counts], times: dict[str, Times]) -> Iterator[str]:
    """Yield each aim, whether it is met, and what was measured."""
    least, whole, ours = counts
    more = counts[ours].statements - counts[least].statements
    cpu = CPU.ratio(times[ours], times[whole])
    latency = LATENCY.ratio(times[ours], times[whole])
    for is_met, text in (
        (counts[ours].calls == 1, f"one call to Auth0: {counts[ours].calls:g}"),
        (counts[ours].connections == 0, f"no new connection: {counts[ours].connections:g}"),
        (more <= 1, f"at most one statement more than {least}: {more:g}"),
        (cpu <= 1.15, f"CPU within 1.15 times {whole}: {cpu:.2f}"),
        (latency <= 1.1, f"median latency within 1.1 times {whole}: {latency:.2f}"),
    ):
        yield f"{'met' if is_met else 'MISSED':8}{text}"


if __name__ == "__main__":
    main()
