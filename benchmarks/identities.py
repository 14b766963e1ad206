"""Whether a million identities change what a login costs: see README.md."""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from crowd import add_crowd
from django.apps import apps
from django.contrib.auth import get_user_model, load_backend
from django.db import connection
from django.db.models import Index
from django.test import Client
from login import MAILED_CODE
from measure import BATCH, Bench
from plans import verdict
from project import describe, project_for
from report import count_table, time_table
from site_requests import HOST, Site
from tenant import NO_DELAYS, tenant_process

from django_pwdless.conf import conf

# No action is timed for longer, in seconds.
SECONDS = 10

ADDRESS = "by address"
# Those that hold the people.
TABLES = ("auth_user", "django_pwdless_identity")

Action = Callable[[], Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure among few, add the others, measure again, and compare."""
    options = parse(arguments)
    with tenant_process() as tenant, project_for(tenant):
        site = Site(tenant)
        bench = Bench(site, tenant, threads=1, batch=options.batch)
        print(describe())
        measure_login(site, bench, options)
        few = milliseconds(actions(), options.times)
        began = time.monotonic()
        add_crowd(options.identities)
        print(f"\nAdded {options.identities} in {time.monotonic() - began:.0f} s.")
        measure_login(site, bench, options)
        every = actions()
        many = milliseconds(every, options.times)
        print(f"\n{'milliseconds, median':40}{'few':>12}{'many':>12}{'plan':>12}")
        for name, action in every.items():
            print(f"{name:40}{few[name]:12.2f}{many[name]:12.2f}{verdict(action, *TABLES):>12}")
        add_index_of_addresses()
        for name in (name for name in every if ADDRESS in name):
            (after,) = milliseconds({name: every[name]}, options.times).values()
            plan = verdict(every[name], *TABLES)
            print(f"{f'{name}, indexed':40}{'':12}{after:12.2f}{plan:>12}", flush=True)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--identities", type=int, default=1_000_000, help="(%(default)s)")
    parser.add_argument("--rounds", type=int, default=10, help="of a batch (%(default)s)")
    parser.add_argument("--batch", type=int, default=BATCH, help="logins (%(default)s)")
    parser.add_argument("--times", type=int, default=100, help="of each action (%(default)s)")
    return parser.parse_args(arguments)


def measure_login(site: Site, bench: Bench, options: argparse.Namespace) -> None:
    """Print what a login costs as it is now."""
    variants = MAILED_CODE.variants(site)
    title = f"A login among {identity_model().objects.count()} identities"
    counts = bench.count(variants)
    times = bench.time(variants, NO_DELAYS, rounds=options.rounds, seconds=60)
    print("", *count_table(title, counts), "", *time_table("", times), sep="\n", flush=True)


def actions() -> dict[str, Action]:
    """Return what is asked of the database at a login, and what pages ask beside it."""
    identity, user = identity_model().objects, get_user_model().objects
    pks = random.sample(list(identity.values_list("pk", flat=True)), 100)
    known = itertools.cycle(identity.filter(pk__in=pks))
    newcomers = map(claims_of, itertools.count(time.time_ns()))
    backend: Any = load_backend("django_pwdless.backends.PasswordlessBackend")
    staff, person = signed_in(is_staff=True), signed_in()
    listed = "/admin/django_pwdless/identity/"
    return {
        "a user by primary key": lambda: user.get(pk=next(known).user_id),
        "an identity with its user": lambda: identity.find(conf.issuer, next(known).subject).user,
        f"a newcomer's account, {ADDRESS}": lambda: backend.find_user(next(newcomers)),
        "a newcomer's account, made": lambda: backend.create_user(next(newcomers)),
        "the page of sign-in methods": lambda: open_page(person, "/accounts/identities/"),
        "the admin's list": lambda: open_page(staff, listed),
        "the admin's search": lambda: open_page(staff, listed, q=next(known).email),
    }


def identity_model() -> Any:
    """Return ``Identity``, which cannot be imported before there are settings."""
    return apps.get_model("django_pwdless", "Identity")


def claims_of(number: int) -> dict[str, Any]:
    """Return those of somebody who was never here."""
    subject, address = f"email|{number}", f"newcomer{number}@example.com"
    return {"iss": conf.issuer, "sub": subject, "email": address, "email_verified": True}


def signed_in(*, is_staff: bool = False) -> Client:
    """Return the browser of somebody who is signed in."""
    name = f"visitor{time.time_ns()}"
    user = get_user_model().objects.create(username=name, is_staff=is_staff, is_superuser=is_staff)
    client = Client(headers={"host": HOST})
    client.force_login(user)
    return client


def open_page(client: Client, path: str, **query: str) -> None:
    """Have a page shown; raises where it is not."""
    response = client.get(path, query, secure=True)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")


def milliseconds(every: dict[str, Action], times: int) -> dict[str, float]:
    """Return how long each action takes, by the clock."""
    return {name: median_of(action, times) for name, action in every.items()}


def median_of(action: Action, times: int) -> float:
    """Return the median in milliseconds, without the first time."""
    action()
    taken: list[float] = []
    began = time.perf_counter()
    while not taken or (len(taken) < times and time.perf_counter() - began < SECONDS):
        start = time.perf_counter()
        action()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)


def add_index_of_addresses() -> None:
    """Add what docs/howto/existing-users.md advises large sites to add."""
    index = Index(fields=["email"], name="user_email")
    with connection.schema_editor() as editor:
        editor.add_index(get_user_model(), index)


if __name__ == "__main__":
    main()
