"""Somebody's browser, over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import Person

from .site import Site, worker_of

HERE = "203.0.113.9"
# What came of a request: the status, and where it leads.
SIGNED_IN = (302, "/")
#: How often somebody who is in a hurry clicks.
CLICKS = 8


class Browser(Person):
    """A browser at the site, behind its one proxy."""

    def __init__(self, site: Site, tenant: LocalTenant, address: str = HERE) -> None:
        super().__init__(tenant)
        self.site = site
        self.address = address
        self.cookies = requests.cookies.RequestsCookieJar()

    def twin(self) -> Browser:
        """Return the same browser a second time, for what it does at the same moment."""
        twin = type(self)(self.site, self.tenant, self.address)
        twin.identifier = self.identifier
        twin.cookies = self.cookies.copy()
        return twin

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send one request on a connection of its own, as any worker may answer it."""
        with requests.Session() as session:
            session.trust_env = False
            session.cookies = self.cookies
            session.headers["X-Forwarded-For"] = self.address
            # The name in BASE_URL: on another one redirects begin elsewhere.
            session.headers["Host"] = "testserver"
            session.headers["Connection"] = "close"
            url = self.site.url + path
            return session.request(method, url, allow_redirects=False, timeout=120, **options)

    def get(self, name: str, **query: Any) -> requests.Response:
        return self.request("GET", page(name), params=query)

    def visit(self, path: str) -> requests.Response:
        """Open any page."""
        return self.request("GET", path)

    def post(self, name: str, *, accept: str = "text/html", **fields: Any) -> requests.Response:
        """Send a form of the app, with the token of a page that was shown before."""
        if "csrftoken" not in self.cookies:
            self.get("login")
        fields["csrfmiddlewaretoken"] = self.cookies["csrftoken"]
        return self.request("POST", page(name), data=fields, headers={"Accept": accept})

    def ask(self, identifier: str = "", **fields: Any) -> requests.Response:
        """Type an address, one's own unless another is given, and have a code sent there."""
        response: requests.Response = super().ask(identifier or self.identifier, **fields)
        return response

    def sign_in(self, identifier: str = "", **fields: Any) -> requests.Response:
        response: requests.Response = super().sign_in(identifier or self.identifier, **fields)
        return response

    @property
    def is_signed_in(self) -> bool:
        """Whether the site knows who this is."""
        return "stranger" not in self.visit("/").text


class RoamingBrowser(Browser):
    """A browser that never meets the same worker twice in a row."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._last: list[int] = []

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        with self.site.without(*self._last):
            response = super().request(method, path, **options)
        assert worker_of(response) not in self._last
        self._last = [worker_of(response)]
        return response


def people(site: Site, tenant: LocalTenant, count: int) -> list[Browser]:
    """Somebody each, all behind one address; each has an email address of their own."""
    browsers = [Browser(site, tenant) for _ in range(count)]
    for number, browser in enumerate(browsers):
        browser.identifier = f"{number}@example.com"
    return browsers


def page(name: str) -> str:
    return reverse(f"pwdless:{name}")


def at_once(
    steps: Sequence[Callable[[], requests.Response]], *, least_workers: int = 2
) -> list[requests.Response]:
    """Take all steps at the same moment; at least so many workers must have answered."""
    barrier = threading.Barrier(len(steps))

    def take(step: Callable[[], requests.Response]) -> requests.Response:
        barrier.wait(120)
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        responses = list(pool.map(take, steps))
    assert len({worker_of(response) for response in responses}) >= least_workers
    return responses


def outcomes(responses: Sequence[requests.Response]) -> list[tuple[int, str]]:
    """Return what came of each, sorted: the status, and where it leads."""
    return sorted(outcome(response) for response in responses)


def outcome(response: requests.Response) -> tuple[int, str]:
    return response.status_code, response.headers.get("Location", "")


def assert_one_gets_in(browser: Browser, path: str) -> list[Browser]:
    """Open an address that is good for once in several tabs at the same moment; return them."""
    twins = [browser.twin() for _ in range(CLICKS)]
    responses = at_once([lambda twin=twin: twin.visit(path) for twin in twins])
    assert outcomes(responses) == [SIGNED_IN] + [(400, "")] * (CLICKS - 1)
    return twins
