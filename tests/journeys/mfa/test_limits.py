"""How often a second factor may be tried, listed, set up and sent."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN, outcome
from tests.journeys.conftest import Configure

from .browser import ASSOCIATE, CHALLENGE, HOME, LIST, NUMBER, Begin, MFABrowser, page

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


def test_wrong_codes_of_the_first_factor_take_no_tries_of_the_second(
    browser: MFABrowser, tenant: LocalTenant
) -> None:
    tenant.add_person(ANN, factors=["otp"])
    browser.ask()
    assert browser.answer(browser.wrong_code).context["tries_left"] == 2
    browser.answer()
    assert browser.get("mfa_challenge").context["tries_left"] is None
    assert browser.prove("000000").context["tries_left"] == 9


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
        "That code is not right. Check your newest message.",
        "That code is not right. Start again.",
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


def enroll(browser: MFABrowser, number: str, channel: str = "sms") -> int:
    """Have a number texted or called for its enrollment; return the status."""
    fields = {"factor": "phone", "phone_number": number, "channel": channel}
    status: int = browser.post("mfa_enroll", **fields).status_code
    return status


def test_texts_and_calls_by_enrollment_count_as_any_other(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    """Threat 20: one number gets six from one address in an hour, in however many logins."""
    statuses = []
    for number in range(8):
        if number % 4 == 0:
            begin(mfa="enroll")
        clock.shift(31)
        statuses.append(enroll(browser, NUMBER, ["sms", "voice"][number % 2]))
    assert statuses == [302] * 6 + [429] * 2
    assert len(tenant.calls(ASSOCIATE)) == 6


def test_texts_for_a_login_and_for_an_enrollment_count_together(
    begin: Begin, browser: MFABrowser, configure: Configure, tenant: LocalTenant, clock: Any
) -> None:
    configure(METHODS=["email-code", "sms-code"], RATE_LIMITS={"start": {"pair": "2/h"}})
    MFABrowser(tenant).ask(NUMBER)
    begin(mfa="enroll")
    assert enroll(browser, NUMBER) == 302
    clock.shift(31)
    assert browser.post("resend").status_code == 429
    assert MFABrowser(tenant).ask(NUMBER).status_code == 429
    assert enroll(browser, "+4915123456780") == 302


def test_texts_by_enrollment_count_for_the_address(
    begin: Begin, browser: MFABrowser, configure: Configure, tenant: LocalTenant, clock: Any
) -> None:
    configure(RATE_LIMITS={"start": {"ip": "3/h"}})
    begin(mfa="enroll")
    statuses = []
    for number in range(4):
        clock.shift(31)
        statuses.append(enroll(browser, f"+491512345678{number}"))
    # The code for the address was one of them.
    assert statuses == [302, 302, 429, 429]


def test_what_is_not_sent_counts_as_nothing(
    begin: Begin, browser: MFABrowser, configure: Configure
) -> None:
    configure(RATE_LIMITS={"start": {"ip": "1/h", "site": "1/h"}})
    begin(mfa="enroll")
    assert browser.post("mfa_enroll", factor="otp").status_code == 302


def test_messages_of_an_enrolled_factor_count_by_it(
    begin: Begin, browser: MFABrowser, configure: Configure, tenant: LocalTenant, clock: Any
) -> None:
    """From whatever address, and apart from what is sent to the same number elsewhere."""
    # A window of an authenticator's ends at a moment that follows from its random id.
    configure(RATE_LIMITS={"start": {"identifier": "2/d", "pair": None}})
    begin("sms")
    clock.shift(31)
    assert browser.post("resend").status_code == 302
    clock.shift(31)
    assert outcome(browser.post("resend")) == (429, "rate_limited")
    assert len(tenant.calls(CHALLENGE)) == 2
    assert outcome(browser.prove(browser.sent_code)) == (302, HOME + "in/")
