"""What limits and one-time claims promise with a cache other than Redis."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import BEN, KEYS, START, TOKEN
from tests.journeys.hosted import press_mailed_link

from .browser import (
    CLICKS,
    SIGNED_IN,
    Browser,
    assert_one_gets_in,
    at_once,
    outcome,
    outcomes,
    page,
    people,
)
from .conftest import REQUIRED, MakeSite, settings_for
from .memcached_server import MemcachedServer
from .site import Site
from .test_limits import LIMIT, MORE, WRONG, assert_exact, each, only
from .waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

TABLE = "site_cache"


@pytest.fixture(scope="module")
def memcached() -> Iterator[MemcachedServer]:
    if shutil.which("memcached") is None:
        text = "There is no memcached (on Debian: apt install memcached)."
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set. {text}")
        pytest.skip(text)
    server = MemcachedServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def memcached_site(memcached: MemcachedServer, make_site: MakeSite) -> Site:
    backend = "django.core.cache.backends.memcached.PyMemcacheCache"
    # As docs/howto/go-live.md has it.
    options = {"connect_timeout": 1, "timeout": 1, "dead_timeout": 1}
    return site_with(make_site, BACKEND=backend, LOCATION=memcached.address, OPTIONS=options)


@pytest.fixture(scope="module")
def database_site(make_site: MakeSite, django_db_blocker: Any) -> Site:
    backend = "django.core.cache.backends.db.DatabaseCache"
    with django_db_blocker.unblock():
        call_command("createcachetable", TABLE)
    return site_with(make_site, BACKEND=backend, LOCATION=TABLE)


def site_with(make_site: MakeSite, **cache: Any) -> Site:
    return make_site(keys={}, environment={"SITE_CACHE": json.dumps({"default": cache})})


@pytest.fixture(params=["memcached", "database"])
def cache(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site(
    cache: str, request: pytest.FixtureRequest, tenant: LocalTenant, transactional_db: None
) -> Iterator[Site]:
    """A site of four workers with that cache, which has forgotten everything."""
    site: Site = request.getfixturevalue(f"{cache}_site")
    if cache == "memcached":
        request.getfixturevalue("memcached").restart()
    else:
        DatabaseCache(TABLE, {}).clear()
    site.configure(**settings_for(tenant))
    before = len(site.log)
    yield site
    assert "Traceback" not in site.log[before:]


def test_login_and_its_end(browser: Browser, tenant: LocalTenant) -> None:
    browser.site.configure(**settings_for(tenant), SIGN_INS=True)
    other = Browser(browser.site, tenant)
    for each_one in (browser, other):
        assert outcome(each_one.sign_in()) == SIGNED_IN
        assert each_one.is_signed_in
    assert other.post("sign_ins_end_others").status_code == 302
    assert not browser.is_signed_in and other.is_signed_in


def test_claim_is_one_persons(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask(method="email-link")
    path = press_mailed_link(tenant)
    assert_one_gets_in(browser, path)
    assert len(tenant.calls(TOKEN)) == 1


def test_clicks_send_one_message(browser: Browser, tenant: LocalTenant) -> None:
    browser.get("login")
    twins = [browser.twin() for _ in range(CLICKS)]
    responses = at_once([twin.ask for twin in twins])
    assert outcomes(responses) == [(302, page("verify"))] * CLICKS
    assert len(tenant.calls(START)) == 1


def test_keys_are_fetched_once(site: Site, tenant: LocalTenant) -> None:
    browsers = people(site, tenant, 4)
    for browser in browsers:
        browser.ask()
    assert outcomes(at_once([browser.answer for browser in browsers])) == [SIGNED_IN] * 4
    assert len(tenant.calls(KEYS)) == 1


def test_limit_is_exact_for_one_after_the_other(site: Site, tenant: LocalTenant) -> None:
    site.configure(**settings_for(tenant), **only("start", "site"))
    browsers = people(site, tenant, LIMIT + MORE)
    assert_exact([browser.ask() for browser in browsers], 302)
    assert len(tenant.calls(START)) == LIMIT


def test_limit_for_many_at_once(cache: str, site: Site, tenant: LocalTenant) -> None:
    """Exact in Memcached; the database cache reads and writes a count in two steps (W030)."""
    site.configure(**settings_for(tenant), **only("verify", "ip"))
    browsers = people(site, tenant, LIMIT + MORE)
    each(browsers, Browser.ask)
    responses = at_once([lambda b=b: b.answer(WRONG) for b in browsers])
    if cache == "memcached":
        assert_exact(responses, 200)
    else:
        assert {response.status_code for response in responses} <= {200, 429}
        assert len(tenant.calls(TOKEN)) >= LIMIT
    # Whoever comes afterwards is refused with either, or counted on.
    assert browsers[0].answer(WRONG).status_code in ({429} if cache == "memcached" else {200, 429})


@pytest.mark.parametrize("cache", ["memcached"])
def test_memcached_is_killed(
    browser: Browser, memcached: MemcachedServer, tenant: LocalTenant
) -> None:
    browser.ask(next="/in/")
    memcached.stop()
    assert outcome(browser.answer()) == (503, "")
    assert outcome(browser.ask(BEN)) == (503, "")
    assert (len(tenant.calls(START)), len(tenant.calls(TOKEN))) == (1, 0)
    assert browser.get("verify").status_code == 200
    memcached.start()
    browser.identifier = "ann@example.com"
    # A process asks a server again a second after it has found it dead.
    wait_until(lambda: outcome(browser.answer()) == (302, "/in/"), "the login goes on")
