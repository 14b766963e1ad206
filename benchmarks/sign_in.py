"""What ``django_pwdless.testing.sign_in`` costs a test, beside ``force_login``: see README.md."""

from __future__ import annotations

import argparse
import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client, override_settings
from django.test.utils import setup_test_environment, teardown_test_environment
from project import describe, project_for
from tenant import tenant_process

from django_pwdless.conf import conf

Action = Callable[[], Any]
BOUND = 2.0
OURS = "sign_in, somebody new"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=500, help="of each (%(default)s)")
    options = parser.parse_args(arguments)
    with tenant_process() as tenant, project_for(tenant):
        print(describe())
        setup_test_environment()
        keys = {**conf_of_the_site(), "SIGN_INS": True}
        with override_settings(PWDLESS=keys), transaction.atomic():
            print(f"\n{'':32}{'CPU ms':>12}{'least':>12}{'latency ms':>12}")
            taken = take_turns(actions(), options.times)
            for name, times in taken.items():
                cpu, latency = zip(*times, strict=True)
                medians = statistics.median(cpu), min(cpu), statistics.median(latency)
                print(f"{name:32}{medians[0]:12.2f}{medians[1]:12.2f}{medians[2]:12.2f}")
        teardown_test_environment()
        median = statistics.median(cpu for cpu, _latency in taken[OURS])
        print(f"\n{'met' if median < BOUND else 'MISSED':8}CPU under {BOUND} ms: {median:.2f}")


def conf_of_the_site() -> dict[str, Any]:
    """Return ``PWDLESS`` as the site has it."""
    return {name: getattr(conf, name) for name in type(conf).keys()}  # noqa: SIM118


def actions() -> dict[str, Action]:
    """Return what a test does to have somebody signed in; each client is new, as in a test."""
    from django_pwdless.testing import sign_in

    ann = get_user_model().objects.create_user("ann")
    sign_in(Client(), "known@example.com")
    numbers = itertools.count()
    return {
        "force_login": lambda: Client().force_login(ann),
        "sign_in, somebody known": lambda: sign_in(Client(), "known@example.com"),
        "sign_in, a user of the test's": lambda: sign_in(Client(), "ann@example.com", user=ann),
        OURS: lambda: sign_in(Client(), f"{next(numbers)}@example.com"),
    }


def take_turns(every: dict[str, Action], times: int) -> dict[str, list[tuple[float, float]]]:
    """Return milliseconds of CPU and by the clock; each has its turn, on the same machine."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in every}
    for _ in range(times):
        for name, action in every.items():
            cpu, clock = time.process_time(), time.perf_counter()
            action()
            spent = time.process_time() - cpu, time.perf_counter() - clock
            taken[name].append((1000 * spent[0], 1000 * spent[1]))
    return taken


if __name__ == "__main__":
    main()
