"""Setting up a first second factor."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import BEN, outcome
from tests.journeys.conftest import Configure

from .browser import ASSOCIATE, NUMBER, Begin, MFABrowser, page

pytestmark = pytest.mark.django_db


def test_enroll_an_authenticator_app(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    assert outcome(begin(mfa="enroll")) == (302, page("mfa_enroll"))
    assert [f.name for f in browser.get("mfa_enroll").context["factors"]] == [
        *("otp", "phone", "push-notification")
    ]
    assert outcome(browser.post("mfa_enroll", factor="otp")) == (302, page("mfa_challenge"))
    shown = browser.get("mfa_challenge").context
    assert shown["otpauth_url"].startswith("otpauth://") and shown["secret"]
    assert "<svg" in shown["qr_svg"] and "style=" not in shown["qr_svg"]
    response = browser.prove(tenant.totp(browser.person))
    assert outcome(response) == (302, page("recovery_codes") + "?next=/in/")
    assert browser.get("recovery_codes").context["recovery_codes"]


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "https://evil.example/", "", "OTPAUTH:x"])
def test_only_what_an_app_opens_becomes_a_link(
    uri: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin(mfa="enroll")
    answer = {"authenticator_type": "otp", "secret": "JBSWY3DPEHPK3PXP", "barcode_uri": uri}
    tenant.answer(ASSOCIATE, 200, **answer)
    browser.post("mfa_enroll", factor="otp")
    shown = browser.get("mfa_challenge")
    assert shown.context["secret"] and not shown.context["otpauth_url"]
    assert not uri or f'href="{uri}' not in shown.content.decode()


@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_enroll_a_phone(
    channel: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    tenant.switches.recovery_codes = False
    begin(mfa="enroll")
    fields = {"factor": "phone", "phone_number": "+49 151 99999999", "channel": channel}
    assert outcome(browser.post("mfa_enroll", **fields)) == (302, page("mfa_challenge"))
    (call,) = tenant.calls(ASSOCIATE)
    assert call.body["phone_number"] == "+4915199999999"
    assert call.body["oob_channels"] == [channel]
    assert "99999999" not in str(browser.get("mfa_challenge").context["hint"])
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_enroll_a_device_for_push(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    tenant.switches.recovery_codes = False
    begin(mfa="enroll")
    browser.post("mfa_enroll", factor="push-notification")
    assert "<svg" in browser.get("mfa_challenge").context["qr_svg"]
    tenant.approve_push()
    clock.shift(6)
    assert browser.poll()["status"] == "approved"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "factor"),
        ({"factor": "carrier-pigeon"}, "factor"),
        ({"factor": "email"}, "factor"),
        ({"factor": "phone"}, "phone_number"),
        ({"factor": "phone", "phone_number": "+1 900 234 5678"}, "phone_number"),
        ({"factor": "phone", "phone_number": "+4915123456789", "channel": "fax"}, "channel"),
    ],
)
def test_enroll_nonsense_is_a_form_error(
    fields: dict[str, str], field: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin(mfa="enroll")
    response = browser.post("mfa_enroll", **fields)
    assert response.status_code == 200 and field in response.context["form"].errors
    assert len(tenant.calls(ASSOCIATE)) == 0


def test_enroll_in_a_region_that_is_not_served(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(PHONE_REGIONS=["AT"])
    begin(mfa="enroll")
    browser.post("mfa_enroll", factor="phone", phone_number=NUMBER)
    assert len(tenant.calls(ASSOCIATE)) == 0


def test_enroll_where_something_is_enrolled(begin: Begin, browser: MFABrowser) -> None:
    begin("otp", "email")
    assert outcome(browser.get("mfa_enroll")) == (302, page("login") + "?next=/in/")


def test_enroll_leads_to_the_challenge_where_something_is_enrolled_after_all(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin(mfa="enroll")
    tenant.answer(ASSOCIATE, 400, "access_denied", "User is already enrolled.", times=1)
    browser.person.factors.extend(tenant.add_person(BEN, factors=["otp"]).factors)
    assert outcome(browser.post("mfa_enroll", factor="otp")) == (302, page("mfa_challenge"))


def test_enrollment_interrupted_shows_the_secret_again(begin: Begin, browser: MFABrowser) -> None:
    begin(mfa="enroll")
    browser.post("mfa_enroll", factor="otp")
    secrets = {browser.get("mfa_challenge").context["secret"] for _ in range(2)}
    assert len(secrets) == 1


@pytest.mark.parametrize("row", ["already_enrolled", "invalid_phone_number", "insufficient_scope"])
def test_enrollment_that_cannot_be_resent(
    row: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    """Whatever has happened meanwhile, the person goes on with what there is."""
    begin(mfa="enroll")
    browser.post("mfa_enroll", factor="phone", phone_number=NUMBER, channel="sms")
    clock.shift(31)
    tenant.fail(ASSOCIATE, row, times=1)
    ends = {"already_enrolled": "mfa_enroll", "invalid_phone_number": "mfa"}
    response = browser.post("resend")
    assert response.status_code == 302
    assert response["Location"].startswith(page(ends.get(row, "login")))
