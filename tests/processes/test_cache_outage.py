"""Redis goes away while people sign in, and comes back: threat 22."""

from __future__ import annotations

import signal

import pytest

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN, BEN, START, TOKEN
from tests.journeys.hosted import press_mailed_link

from .browser import SIGNED_IN, Browser, RoamingBrowser, at_once, outcome, outcomes
from .conftest import Configure
from .redis_server import RedisServer
from .site import WORKERS, Site

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

UNAVAILABLE = (503, "")
SHOWN = (200, "")


@pytest.fixture
def half_way(roaming: RoamingBrowser) -> RoamingBrowser:
    """Somebody who has asked for a code."""
    assert roaming.ask(next="/in/").status_code == 302
    return roaming


@pytest.fixture
def signed_in(site: Site, tenant: LocalTenant) -> Browser:
    browser = Browser(site, tenant)
    assert outcome(browser.sign_in()) == SIGNED_IN
    return browser


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_login_goes_on_after_the_outage(
    how: signal.Signals, half_way: RoamingBrowser, redis_server: RedisServer, tenant: LocalTenant
) -> None:
    redis_server.stop(how)
    for _ in range(WORKERS):
        assert outcome(half_way.answer()) == UNAVAILABLE
    assert tenant.calls(TOKEN) == []
    redis_server.start()
    assert outcome(half_way.answer()) == (302, "/in/")
    assert half_way.is_signed_in


def test_nothing_is_sent_without_the_cache(
    half_way: RoamingBrowser, redis_server: RedisServer, tenant: LocalTenant
) -> None:
    redis_server.stop()
    assert outcome(half_way.ask(BEN)) == UNAVAILABLE
    assert len(tenant.calls(START)) == 1
    redis_server.start()
    for _ in range(WORKERS):
        half_way.ask(BEN)
    assert len(tenant.calls(START)) == 2


def test_pages_are_shown_without_the_cache(
    half_way: RoamingBrowser, signed_in: Browser, redis_server: RedisServer
) -> None:
    redis_server.stop()
    for name in ("login", "verify", "link", "logged_out"):
        assert outcome(half_way.get(name)) == SHOWN
    assert outcome(signed_in.get("identities")) == SHOWN
    assert signed_in.is_signed_in
    # What is limited waits for the cache that counts.
    assert outcome(half_way.get("universal")) == UNAVAILABLE


def test_people_who_are_signed_in_stay_and_can_leave(
    signed_in: Browser, redis_server: RedisServer
) -> None:
    redis_server.stop()
    for _ in range(WORKERS):
        assert signed_in.is_signed_in
    assert signed_in.post("logout").status_code == 302
    assert not signed_in.is_signed_in


def test_link_is_not_used_up_by_the_outage(
    roaming: RoamingBrowser, redis_server: RedisServer, tenant: LocalTenant
) -> None:
    roaming.ask(method="email-link")
    path = press_mailed_link(tenant)
    redis_server.stop()
    assert outcome(roaming.visit(path)) == UNAVAILABLE
    assert tenant.calls(TOKEN) == []
    redis_server.start()
    assert outcome(roaming.visit(path)) == SIGNED_IN


def test_second_factor_goes_on_after_the_outage(
    roaming: RoamingBrowser, redis_server: RedisServer, tenant: LocalTenant
) -> None:
    ann = tenant.add_person(ANN, factors=["otp"])
    roaming.ask()
    roaming.answer()
    redis_server.stop(signal.SIGKILL)
    assert outcome(roaming.get("mfa_challenge")) == SHOWN
    assert outcome(roaming.post("mfa_challenge", code=tenant.totp(ann))) == UNAVAILABLE
    redis_server.start()
    assert outcome(roaming.post("mfa_challenge", code=tenant.totp(ann))) == SIGNED_IN


def test_login_without_limits_where_the_site_wants_it(
    configure: Configure, roaming: RoamingBrowser, redis_server: RedisServer, tenant: LocalTenant
) -> None:
    configure(RATE_LIMIT_FAIL_OPEN=True)
    redis_server.stop()
    roaming.ask()
    assert outcome(roaming.answer("000000")) == SHOWN
    assert outcome(roaming.answer()) == SIGNED_IN
    assert roaming.is_signed_in


def test_limits_hold_again_after_the_outage(
    configure: Configure, browser: Browser, redis_server: RedisServer, tenant: LocalTenant
) -> None:
    limits = {"start": {"ip": None, "pair": None}, "verify": {"ip": "3/30d", "pending": None}}
    configure(RATE_LIMITS=limits)
    browser.ask()
    redis_server.stop()
    redis_server.start()
    twins = [browser.twin() for _ in range(8)]
    responses = at_once([lambda twin=twin: twin.answer("000000") for twin in twins])
    assert outcomes(responses) == [SHOWN] * 3 + [(429, "")] * 5


# A Redis that accepts connections and says nothing


def test_frozen_redis_holds_no_worker_for_long(
    site: Site, half_way: RoamingBrowser, redis_server: RedisServer, tenant: LocalTenant
) -> None:
    redis_server.freeze()
    asked = Browser(site, tenant)
    assert outcome(asked.get("login")) == SHOWN
    assert outcome(half_way.get("verify")) == SHOWN
    responses = at_once([lambda: half_way.twin().answer(), lambda: asked.ask(BEN)])
    assert outcomes(responses) == [UNAVAILABLE] * 2
    redis_server.thaw()
    for _ in range(WORKERS):
        assert outcome(half_way.get("verify")) == SHOWN
    assert outcome(half_way.answer()) == (302, "/in/")


def test_frozen_redis_lets_people_through_where_the_site_wants_it(
    configure: Configure, browser: Browser, redis_server: RedisServer, tenant: LocalTenant
) -> None:
    configure(RATE_LIMIT_FAIL_OPEN=True)
    redis_server.freeze()
    assert browser.ask().status_code == 302
    assert len(tenant.calls(START)) == 1
