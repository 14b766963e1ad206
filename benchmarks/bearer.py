"""What a call of the site's own API costs, with an access token: see README.md."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from measure import BATCH, Bench, Variants
from project import describe, project_for
from report import CPU, count_table, time_table
from site_requests import Browser, Site
from tenant import NO_DELAYS, Tenant, tenant_process
from wsgi import Environ

AUDIENCE = "https://api.example.com"
SCOPE = "openid email read:orders"
FLOOR, OURS = "PyJWT, user by key", "django_pwdless"
OURS_IN_DRF, SIMPLEJWT = "django_pwdless in DRF", "simplejwt in DRF"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="of a batch (%(default)s)")
    parser.add_argument("--batch", type=int, default=BATCH, help="calls (%(default)s)")
    parser.add_argument("--seconds", type=float, default=30, help="in all, about (%(default)s)")
    options = parser.parse_args(arguments)
    with tenant_process() as tenant, project_for(tenant):
        site = Site(tenant)
        bench = Bench(site, tenant, threads=1, batch=options.batch)
        print(describe())
        for title, variants in (
            ("A call of a plain view", plain(site, tenant)),
            ("A call of Django REST framework", framework(site, tenant)),
        ):
            counts = bench.count(variants)
            print("", *count_table(title, counts), sep="\n", flush=True)
            seconds = options.seconds / 2
            times = bench.time(variants, NO_DELAYS, rounds=options.rounds, seconds=seconds)
            print("", *time_table("no delays", times), sep="\n", flush=True)
            if FLOOR in times:
                ratio = CPU.ratio(times[OURS], times[FLOOR])
                is_met = counts[OURS].calls == 0 and counts[OURS].statements <= 1
                print(f"\n{'met' if is_met else 'MISSED':8}no call, at most one statement")
                print(f"{'met' if ratio <= 1.15 else 'MISSED':8}CPU within 1.15: {ratio:.2f}")


def caller(site: Site, tenant: Tenant) -> Callable[[str, str], Environ]:
    """Return what makes a call of a path with a token; one of the tenant's unless told another."""
    browser: Browser = site.next_browser()
    token = tenant.access_token(browser.email, AUDIENCE, SCOPE)

    def call(path: str, value: str = token) -> Environ:
        header = {"HTTP_AUTHORIZATION": f"Bearer {value}"}
        return {**browser.get(f"/api/{path}/", "200 OK"), **header}

    return call


def plain(site: Site, tenant: Tenant) -> Variants:
    """Return the floor and ours."""
    call: Any = caller(site, tenant)
    return {FLOOR: partial(call, "floor"), OURS: partial(call, "ours")}


def framework(site: Site, tenant: Tenant) -> Variants:
    """Return simplejwt's way, where it is installed, and ours."""
    from api_views import HAS_SIMPLEJWT

    call: Any = caller(site, tenant)
    others = {}
    if HAS_SIMPLEJWT:
        from django.contrib.auth import get_user_model
        from rest_framework_simplejwt.tokens import AccessToken

        token = str(AccessToken.for_user(get_user_model().objects.latest("pk")))
        others = {SIMPLEJWT: partial(call, "framework/simplejwt", token)}
    return {**others, OURS_IN_DRF: partial(call, "framework/ours")}


if __name__ == "__main__":
    main()
