"""The log alone tells the story of a second factor."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from tests.journeys.conftest import Configure, Told

from .browser import CHALLENGE, Begin, MFABrowser

pytestmark = pytest.mark.django_db

FIRST = ["message_sent email-code", "mfa_started email-code"]
LAST = ["identity_added email-code", "sign_in email-code"]


def test_app(browser: MFABrowser, begin: Begin, tenant: LocalTenant, told: Told) -> None:
    begin("otp")
    browser.prove("000000")
    browser.prove(tenant.totp(browser.person))
    assert told.story == [*FIRST, "refused otp code", *LAST, "mfa_verified otp"]
    assert told.records[-1].pwdless_user == browser.user_id
    assert told.records[1].pwdless_user == ""


def test_texted_code(browser: MFABrowser, begin: Begin, told: Told) -> None:
    begin("sms")
    browser.prove(browser.sent_code)
    assert told.story == [*FIRST, "message_sent phone", *LAST, "mfa_verified phone"]


def test_challenge_that_auth0_limits(begin: Begin, tenant: LocalTenant, told: Told) -> None:
    tenant.fail(CHALLENGE, "rate_limited")
    begin("sms")
    assert told.story == [*FIRST, "limited email-code auth0"]


def test_denied_notification(
    clock: Any, browser: MFABrowser, begin: Begin, tenant: LocalTenant, told: Told
) -> None:
    begin("push-notification")
    tenant.deny_push()
    clock.shift(6)
    assert browser.poll()["status"] == "rejected"
    assert told.story == [
        *FIRST,
        "message_sent push-notification",
        "refused push-notification rejected",
    ]


def test_set_up_on_the_way(
    browser: MFABrowser, begin: Begin, tenant: LocalTenant, told: Told
) -> None:
    begin(mfa="enroll")
    browser.post("mfa_enroll", factor="otp")
    browser.prove(tenant.totp(browser.person))
    assert told.story == [*FIRST, *LAST, "factor_added otp", "mfa_verified otp"]


def test_factor_that_the_site_does_not_offer(
    browser: MFABrowser, begin: Begin, configure: Configure, told: Told
) -> None:
    configure(CUSTOMIZE_MFA=False)
    begin("otp")
    assert told.story == ["message_sent email-code", "refused email-code mfa"]
