"""What a login by redirect, and a call with a token, cost here and elsewhere: see README.md."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from typing import Any

import requests
from bearer import OURS_IN_DRF, SIMPLEJWT, caller, framework
from measure import BATCH, Bench, Variants
from project import describe, project_for
from report import count_table, time_table
from site_requests import HOME, Browser, Site
from tenant import NO_DELAYS, Delays, Tenant, tenant_process
from wsgi import Environ

OURS = "django_pwdless"
# Where a login begins.
BEGINNINGS = {
    "auth0-python": "/by-hand/",
    "social-auth-app-django": "/social/login/auth0/",
    "mozilla-django-oidc": "/oidc/authenticate/",
    "django-allauth": "/allauth/auth0/login/",
    OURS: "/accounts/universal/",
}
BY_FORM = {BEGINNINGS["social-auth-app-django"]}
BEARERS = {"mozilla-django-oidc": "oidc", "auth0-api-python": "auth0"}
NEAR = Delays(0.02, 0.04)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="of a batch (%(default)s)")
    parser.add_argument("--batch", type=int, default=BATCH, help="logins (%(default)s)")
    parser.add_argument("--seconds", type=float, default=120, help="in all, about (%(default)s)")
    options = parser.parse_args(arguments)
    with tenant_process() as tenant, project_for(tenant, settings_module="peers_settings"):
        site = Site(tenant)
        bench = Bench(site, tenant, threads=1, batch=options.batch)
        packages = [*BEGINNINGS, *BEARERS, "djangorestframework-simplejwt"]
        versions = [f"{name} {version(name)}" for name in dict.fromkeys(packages) if name != OURS]
        print(describe(), *versions, sep=", ")
        for title, variants, delays in (
            ("A login by redirect", logins(site, tenant), NO_DELAYS),
            ("A login by redirect", logins(site, tenant), NEAR),
            ("A call of Django REST framework", calls(site, tenant), NO_DELAYS),
            ("A call of Django REST framework", calls(site, tenant), NEAR),
        ):
            print("", *count_table(title, bench.count(variants)), sep="\n", flush=True)
            share = options.seconds / 4
            times = bench.time(variants, delays, rounds=options.rounds, seconds=share)
            print("", *time_table(str(delays), times), sep="\n", flush=True)


def logins(site: Site, tenant: Tenant) -> Variants:
    """Return who comes back from Auth0's own page, with each package."""
    people = Returning(site, tenant)
    return {name: partial(people.come_back, path) for name, path in BEGINNINGS.items()}


def calls(site: Site, tenant: Tenant) -> Variants:
    """Return a call of each authenticator; simplejwt's token is one of the site's own."""
    call: Callable[..., Environ] = caller(site, tenant)
    others = {name: partial(call, f"framework/{path}") for name, path in BEARERS.items()}
    ours_and_theirs = framework(site, tenant)
    others[SIMPLEJWT] = ours_and_theirs[SIMPLEJWT]
    return {**others, OURS_IN_DRF: ours_and_theirs[OURS_IN_DRF]}


class Returning:
    """People who were here before, with every package, and whom Auth0 still knows."""

    def __init__(self, site: Site, tenant: Tenant) -> None:
        self._site = site
        self._tenant = tenant
        self._at_auth0: dict[str, requests.Session] = {}
        self._known: set[tuple[str, str]] = set()

    def come_back(self, path: str) -> Environ:
        """Return the request that Auth0 sends the next person back with."""
        browser = self._site.next_browser()
        if browser.email not in self._at_auth0:
            self._at_auth0[browser.email] = self._tenant.sign_in_hosted(browser.email)
            remember(browser)
        if (path, browser.email) not in self._known:
            self._known.add((path, browser.email))
            self._site.answer(self._way_back(browser, path))
        return self._way_back(browser, path)

    def _way_back(self, browser: Browser, path: str) -> Environ:
        browser.cookies.pop("sessionid", None)
        way = self._site.begin(browser, path, by_form=path in BY_FORM)
        answer = self._at_auth0[browser.email].get(way, allow_redirects=False)
        return browser.come(answer.headers["Location"], HOME)


def remember(browser: Browser) -> None:
    """Have allauth know the person: it does not let an address be taken over."""
    from allauth.socialaccount.models import SocialAccount

    known: dict[str, Any] = {"user_id": browser.fields["pk"], "uid": browser.person["sub"]}
    SocialAccount.objects.get_or_create(provider="auth0", **known)


if __name__ == "__main__":
    main()
