"""What the second step of a returning person's login costs, beside two floors: see README.md."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

import django
from django.conf import settings
from django.db import connection
from measure import Bench, Figures, Prepare
from report import CPU, LATENCY, table
from site_requests import Site
from tenant import NO_DELAYS, Delays, Tenant, tenant_process

FLOOR_1 = "login()"
FLOOR_2 = "login(), POST, RS256"
OURS = "django_pwdless"
CONDITIONS = (NO_DELAYS, Delays(0.02), Delays(0.02, 0.04))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print as it goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of 20 logins (%(default)s)")
    parser.add_argument("--threads", type=int, default=8, help="at once (%(default)s)")
    parser.add_argument("--seconds", type=float, default=90, help="about, at most (%(default)s)")
    options = parser.parse_args(arguments)
    with tenant_process() as tenant, site_of(tenant):
        site = Site(tenant)
        bench = Bench(site, tenant, options.threads)
        print(machine())
        for title, variants in steps(site).items():
            for delays in CONDITIONS:
                figures = bench.measure(
                    variants,
                    delays,
                    rounds=options.rounds,
                    seconds=options.seconds / len(CONDITIONS),
                )
                print(f"\n{title}; {delays}", *table(figures), sep="\n", flush=True)
            print("", *aims(figures), sep="\n", flush=True)


def steps(site: Site) -> dict[str, dict[str, Prepare]]:
    """Return what is measured: steps of a login, each with its floors first."""
    return {
        "Typing the code": {
            FLOOR_1: partial(site.second_step, "/floors/login/"),
            FLOOR_2: partial(site.second_step, "/floors/exchange/"),
            OURS: partial(site.second_step, "/accounts/verify/"),
        },
    }


def aims(figures: Mapping[str, Figures]) -> Iterator[str]:
    """Yield each aim with what was measured."""
    first, second, ours = (figures[name] for name in (FLOOR_1, FLOOR_2, OURS))
    more = ours.statements - first.statements
    cpu, latency = CPU.ratio(ours, second), LATENCY.ratio(ours, second)
    for is_met, text in (
        (ours.calls == 1, f"one call to Auth0: {ours.calls:g}"),
        (ours.connections == 0, f"no new connection: {ours.connections:g}"),
        (more <= 1, f"at most one statement more than {FLOOR_1}: {more:g}"),
        (cpu <= 1.15, f"CPU within 1.15 times {FLOOR_2}: {cpu:.2f}"),
        (latency <= 1.1, f"median latency within 1.1 times {FLOOR_2}: {latency:.2f}"),
    ):
        yield f"{'met' if is_met else 'MISSED':8}{text}"


def machine() -> str:
    """Return what the figures depend on."""
    return (
        f"Python {platform.python_version()}, Django {django.get_version()}, "
        f"{connection.vendor}, {settings.CACHES['default']['BACKEND'].rpartition('.')[2]}, "
        f"{os.cpu_count()} processors"
    )


@contextmanager
def site_of(tenant: Tenant) -> Iterator[None]:
    """Set Django up for a tenant, with a database that is made for this and dropped afterwards."""
    with tempfile.TemporaryDirectory(prefix="pwdless-benchmark-") as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
        os.environ["BENCHMARK_FOLDER"] = folder
        os.environ["BENCHMARK_TENANT"] = json.dumps(tenant.settings)
        os.environ["REQUESTS_CA_BUNDLE"] = tenant.ca_file
        django.setup()
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
