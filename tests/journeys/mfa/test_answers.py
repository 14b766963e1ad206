"""Codes of an authenticator app, and those that are sent."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import TOKEN, outcome

from .browser import CHALLENGE, NUMBER, Begin, MFABrowser, page

pytestmark = pytest.mark.django_db


def test_code_of_the_app_signs_in(begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    begin("otp")
    assert outcome(browser.prove(tenant.totp(browser.person))) == (302, "/in/")
    assert browser.user_id == str(get_user_model().objects.get().pk)


@pytest.mark.parametrize(
    ("factor", "name"), [("sms", "phone"), ("voice", "phone"), ("email", "email")]
)
def test_code_that_was_sent(factor: str, name: str, begin: Begin, browser: MFABrowser) -> None:
    begin(factor)
    context = browser.get("mfa_challenge").context
    assert (context["factor"], context["can_resend"]) == (name, True)
    assert NUMBER not in str(context["hint"])
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_code_in_other_digits(begin: Begin, browser: MFABrowser) -> None:
    begin("sms")
    arabic = browser.sent_code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert outcome(browser.prove(f" {arabic[:3]} - {arabic[3:]} ")) == (302, "/in/")


def test_wrong_code_is_said_with_the_tries_left(begin: Begin, browser: MFABrowser) -> None:
    begin("otp")
    response = browser.prove("000000")
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"code"}
    assert response.context["tries_left"] == 9
    assert b'value="000000"' not in response.content


@pytest.mark.parametrize("code", ["", "abc", "12", "1" * 50, "12345x", "\x00"])
def test_malformed_code_never_reaches_auth0(
    code: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin("otp")
    before = len(tenant.requests)
    response = browser.prove(code)
    assert response.status_code == 200 and response.context["tries_left"] is None
    assert len(tenant.requests) == before


def test_code_of_another_factor(begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    begin("otp", "email")
    browser.choose("email")
    assert browser.prove(tenant.totp(browser.person)).status_code == 200
    assert browser.user_id is None


def test_resend_waits_for_the_cooldown(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("sms")
    before = len(tenant.requests)
    assert outcome(browser.post("resend")) == (302, page("mfa_challenge"))
    assert len(tenant.requests) == before
    assert browser.get("mfa_challenge").context["resend_wait"] == 30
    clock.shift(31)
    assert outcome(browser.post("resend")) == (302, page("mfa_challenge"))
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_resend_by_a_way_that_is_gone(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("sms", "otp")
    browser.choose("sms")
    clock.shift(31)
    tenant.fail(CHALLENGE, "authenticator_not_found", times=1)
    assert outcome(browser.post("resend")) == (302, page("mfa"))
    listed = browser.get("mfa")
    assert [choice.factor for choice in listed.context["authenticators"]] == ["otp"]
    assert len(list(listed.context["messages"])) == 1


def test_resend_where_nothing_was_sent(begin: Begin, browser: MFABrowser) -> None:
    begin("otp")
    assert browser.get("mfa_challenge").context["can_resend"] is False
    assert browser.post("resend").status_code == 302


def test_expired_message_asks_for_another_and_not_for_another_login(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("sms")
    tenant.fail(TOKEN, "expired_oob_code", times=1)
    answer = browser.prove(browser.sent_code)
    assert "expired" in answer.context["form"].errors["code"][0]
    clock.shift(31)
    assert outcome(browser.post("resend")) == (302, page("mfa_challenge"))
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_limit_of_the_person_is_a_wait_and_nobodys_fault(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, caplog: pytest.LogCaptureFixture
) -> None:
    begin("otp")
    tenant.fail(TOKEN, "too_many_failed_codes", times=1)
    assert outcome(browser.prove("000000")) == (429, "rate_limited")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert outcome(browser.prove(tenant.totp(browser.person))) == (302, "/in/")
