"""How often a second factor may be tried, listed, set up and sent."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import outcome
from tests.journeys.conftest import Configure

from .browser import ASSOCIATE, CHALLENGE, HOME, LIST, Begin, MFABrowser, page

pytestmark = pytest.mark.django_db


def test_tries_are_limited_whatever_is_done_between(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    """Neither another authenticator nor the list again gives new tries (threat 17)."""
    tenant.switches.mfa_limits = False
    begin("otp", "email")
    statuses = []
    for prefix in ["totp", "email"] * 5:
        browser.choose(prefix)
        statuses.append(browser.prove("000000").status_code)
    browser.post("mfa")
    browser.choose("totp")
    statuses.append(browser.prove("000000").status_code)
    assert statuses == [200] * 10 + [429]


def test_last_try_leads_to_a_new_login(
    begin: Begin, browser: MFABrowser, configure: Configure, clock: Any
) -> None:
    """A new code has no tries of its own, so that none is offered."""
    configure(RATE_LIMITS={"mfa": {"pending": "2/15m"}})
    begin("sms")
    said = []
    for _ in range(2):
        page_shown = browser.prove("000000")
        said += page_shown.context["form"].errors["code"]
    assert said == [
        "That is not the right code. Please check it and try again.",
        "That is not the right code. Please start again.",
    ]
    assert page_shown.context["tries_left"] == 0
    change_url = page_shown.context["change_url"]
    assert change_url == page("login") + "?next=/in/"
    assert f'href="{change_url}"' in page_shown.content.decode()
    clock.shift(31)
    begin("sms")
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_lists_and_enrollments_are_limited_in_one_login(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    """Threat 17: one code is no ticket for any count of calls; tries are counted apart."""
    begin(mfa="enroll")
    before = len(tenant.calls(LIST))
    assert [browser.post("mfa").status_code for _ in range(12)] == [302] * 10 + [429] * 2
    answers = [browser.post("mfa_enroll", factor="otp").status_code for _ in range(12)]
    assert answers == [302] * 10 + [429] * 2
    assert (len(tenant.calls(LIST)) - before, len(tenant.calls(ASSOCIATE))) == (10, 10)
    assert browser.prove(tenant.totp(browser.person)).status_code == 302
    assert browser.user_id is not None


def test_stranger_uses_up_nobodys_tries(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    """Threat 19: a second browser of the same person has tries of its own."""
    tenant.switches.mfa_limits = False
    begin("otp")
    for _ in range(11):
        browser.prove("000000")
    other = MFABrowser(tenant, REMOTE_ADDR="192.0.2.1")
    other.ask()
    other.answer()
    assert outcome(other.prove(tenant.totp(browser.person))) == (302, HOME)


def test_messages_count_against_the_budget_of_the_site(
    begin: Begin, browser: MFABrowser, configure: Configure, tenant: LocalTenant, clock: Any
) -> None:
    configure(RATE_LIMITS={"start": {"site": "1/h"}})
    response = begin("sms")
    assert outcome(response) == (429, "rate_limited")
    assert response.context["retry_url"] == page("mfa")
    assert len(tenant.calls(CHALLENGE)) == 0
