"""Logins that several workers have a part in, one after the other or at the same moment."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from tests.journeys.browser import ANN, START, TOKEN
from tests.journeys.hosted import log_in_hosted, press_mailed_link

from .browser import (
    CLICKS,
    SIGNED_IN,
    Browser,
    RoamingBrowser,
    assert_one_gets_in,
    at_once,
    outcome,
    outcomes,
    page,
    people,
)
from .conftest import Configure
from .site import WORKERS, Site

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

TO_THE_START = (302, page("login"))


# One step here, the next one there


def test_code(roaming: RoamingBrowser, tenant: LocalTenant) -> None:
    roaming.ask()
    assert roaming.answer("000000").status_code == 200
    assert outcome(roaming.answer()) == SIGNED_IN
    assert roaming.is_signed_in


def test_magic_link(roaming: RoamingBrowser, tenant: LocalTenant) -> None:
    roaming.ask(method="email-link")
    assert outcome(roaming.visit(press_mailed_link(tenant))) == SIGNED_IN
    assert roaming.is_signed_in


def test_universal_login(roaming: RoamingBrowser, tenant: LocalTenant) -> None:
    address = roaming.get("universal").headers["Location"]
    assert outcome(roaming.visit(log_in_hosted(tenant, address))) == SIGNED_IN
    assert roaming.is_signed_in


def test_second_factor(roaming: RoamingBrowser, tenant: LocalTenant) -> None:
    ann = tenant.add_person(ANN, factors=["otp", "recovery-code"])
    roaming.ask()
    assert outcome(roaming.answer()) == (302, page("mfa_challenge"))
    assert roaming.get("mfa_challenge").status_code == 200
    assert roaming.post("mfa_challenge", code="000000").status_code == 200
    assert not roaming.is_signed_in
    assert outcome(roaming.post("mfa_challenge", code=tenant.totp(ann))) == SIGNED_IN
    assert roaming.is_signed_in


def test_push_notification(roaming: RoamingBrowser, tenant: LocalTenant) -> None:
    tenant.add_person(ANN, factors=["push-notification"])
    roaming.ask()
    roaming.answer()
    assert roaming.post("mfa_poll", accept="application/json").json()["status"] == "pending"
    assert len(tenant.calls(TOKEN)) == 1


# The same at the same moment


def test_state_is_claimed_once(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask(method="email-link")
    path = press_mailed_link(tenant)
    twins = assert_one_gets_in(browser, path)
    assert [twin.is_signed_in for twin in twins].count(True) == 1
    assert len(tenant.calls(TOKEN)) == 1


def test_state_of_universal_login_is_claimed_once(browser: Browser, tenant: LocalTenant) -> None:
    path = log_in_hosted(tenant, browser.get("universal").headers["Location"])
    assert_one_gets_in(browser, path)
    assert len(tenant.calls(TOKEN)) == 1


def test_one_code_typed_several_times(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask()
    twins = [browser.twin() for _ in range(CLICKS)]
    code = browser.code
    responses = at_once([lambda twin=twin: twin.answer(code) for twin in twins])
    # Who comes late is led where the first one was, and has no session of their own.
    assert {outcome(response) for response in responses} <= {SIGNED_IN, TO_THE_START, (200, "")}
    assert [twin.is_signed_in for twin in twins].count(True) == 1
    assert get_user_model().objects.count() == 1


def test_clicks_on_login(browser: Browser, tenant: LocalTenant) -> None:
    browser.get("login")
    twins = [browser.twin() for _ in range(CLICKS)]
    responses = at_once([twin.ask for twin in twins])
    assert outcomes(responses) == [(302, page("verify"))] * CLICKS
    assert len(tenant.calls(START)) == 1
    assert outcome(twins[-1].answer()) == SIGNED_IN


def test_clicks_on_login_with_a_cooldown_of_less_than_a_second(
    configure: Configure, browser: Browser, tenant: LocalTenant
) -> None:
    """Redis counts whole seconds."""
    configure(RESEND_COOLDOWN=0.9)
    browser.get("login")
    responses = at_once([browser.twin().ask for _ in range(CLICKS)])
    assert outcomes(responses) == [(302, page("verify"))] * CLICKS
    assert len(tenant.calls(START)) == 1


def test_clicks_on_resend(configure: Configure, browser: Browser, tenant: LocalTenant) -> None:
    tenant.fail(START, "server_error", times=1)
    assert browser.ask().status_code == 503
    twins = [browser.twin() for _ in range(CLICKS)]
    responses = at_once([lambda twin=twin: twin.post("resend") for twin in twins])
    assert outcomes(responses) == [(302, page("verify"))] * CLICKS
    assert len(tenant.calls(START)) == 2
    assert outcome(browser.answer()) == SIGNED_IN


def test_clicks_on_a_second_factor(browser: Browser, tenant: LocalTenant) -> None:
    tenant.add_person(ANN, factors=["sms", "email"])
    browser.ask()
    browser.answer()
    before = len(tenant.inbox.messages())
    first = browser.get("mfa").text.split('name="authenticator" value="')[1].split('"')[0]
    twins = [browser.twin() for _ in range(CLICKS)]
    responses = at_once([lambda twin=twin: twin.post("mfa", authenticator=first) for twin in twins])
    assert len(tenant.inbox.messages()) - before == 1
    assert set(outcomes(responses)) <= {(302, page("mfa_challenge")), (302, page("mfa"))}
    assert (302, page("mfa_challenge")) in outcomes(responses)


def test_same_first_login_in_two_browsers(site: Site, tenant: LocalTenant) -> None:
    browsers = [Browser(site, tenant) for _ in range(4)]
    paths = []
    for browser in browsers:
        browser.ask(method="email-link")
        paths.append(press_mailed_link(tenant))
    pairs = zip(browsers, paths, strict=True)
    responses = at_once([lambda b=b, path=path: b.visit(path) for b, path in pairs])
    assert outcomes(responses) == [SIGNED_IN] * len(browsers)
    assert all(browser.is_signed_in for browser in browsers)
    assert (get_user_model().objects.count(), Identity.objects.count()) == (1, 1)


def test_first_logins_of_strangers(site: Site, tenant: LocalTenant) -> None:
    browsers = people(site, tenant, WORKERS)
    for browser in browsers:
        browser.ask()
    responses = at_once([browser.answer for browser in browsers])
    assert outcomes(responses) == [SIGNED_IN] * len(browsers)
    assert get_user_model().objects.count() == len(browsers)
