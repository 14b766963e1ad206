"""Setting up a second factor where there is none."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.pictures import picture
from tests.browser.steps import (
    ANN,
    arrive,
    choose,
    press,
    prove_address,
    see_heading,
    see_signed_in,
    type_app_code,
    type_code,
)
from tests.browser.visits import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]

NUMBER = "+12025550123"
ENROLL, CHALLENGE = "/accounts/mfa/enroll/", "/accounts/mfa/challenge/"
SAVE = "/accounts/mfa/recovery-codes/"


@pytest.fixture(autouse=True)
def person(site, configure):
    configure(CUSTOMIZE_MFA=True)
    return site.add_person(ANN, mfa="enroll")


def save_recovery_codes(visitor) -> None:
    arrive(visitor, SAVE)
    expect(visitor.page.get_by_role("listitem").first).to_be_visible()
    press(visitor, "button", "My code is saved")
    see_signed_in(visitor)


def test_authenticator_app(visit, site, person):
    visitor = visit(PHONE)
    page = visitor.page
    prove_address(visitor, site)
    arrive(visitor, ENROLL)
    expect(page.get_by_label("Phone number")).to_be_hidden()
    choose(visitor, "Authenticator app")
    press(visitor, "button", "Continue")
    arrive(visitor, CHALLENGE)
    see_heading(visitor, "Set up your authenticator app")
    qr_code = page.get_by_role("img", name="QR code to scan with the app")
    box = qr_code.locator("svg").bounding_box()
    assert box and box["width"] == box["height"] > 150
    secret = page.locator("#pwdless-secret").inner_text()
    link = page.get_by_role("link", name="Open authenticator app").get_attribute("href")
    assert link.startswith("otpauth://totp/") and f"secret={secret}" in link
    assert page.evaluate("scrollY") == 0
    picture(visitor, "mfa-enroll")
    type_app_code(visitor)
    arrive(visitor, SAVE)
    picture(visitor, "mfa-recovery-code")
    save_recovery_codes(visitor)
    assert person.factor("otp").active


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("Text message", "Enter the code from the text message to ••• 23."),
        ("Phone call", "We’re calling ••• 23. Enter the code you hear."),
    ],
)
def test_phone(visit, site, channel, words):
    visitor = visit(PHONE)
    page = visitor.page
    prove_address(visitor, site)
    arrive(visitor, ENROLL)
    choose(visitor, "Text message or phone call")
    choose(visitor, channel)
    press(visitor, "button", "Continue")
    expect(page).to_have_title("Error: Set up a second step")
    expect(page.get_by_label("Phone number")).to_be_focused()
    expect(page.get_by_role("radio", name=channel, exact=True)).to_be_checked()
    visitor.check()
    page.keyboard.type("+1 202 555 0123")
    page.keyboard.press("Enter")
    arrive(visitor, CHALLENGE)
    expect(page.get_by_text(words)).to_be_visible()
    type_code(visitor, site.inbox.latest().code)
    save_recovery_codes(visitor)


def test_another_way_leads_back_to_the_choice(visit, site):
    visitor = visit(PHONE)
    prove_address(visitor, site)
    arrive(visitor, ENROLL)
    choose(visitor, "Notification on your phone")
    press(visitor, "button", "Continue")
    arrive(visitor, CHALLENGE)
    press(visitor, "link", "Choose another way")
    arrive(visitor, ENROLL)
    choose(visitor, "Authenticator app")
    press(visitor, "button", "Continue")
    see_heading(visitor, "Set up your authenticator app")
    type_app_code(visitor)
    save_recovery_codes(visitor)


def test_only_one_factor_is_no_choice(visit, site, configure):
    configure(MFA_ENROLL_FACTORS=["phone"])
    visitor = visit(PHONE)
    prove_address(visitor, site)
    arrive(visitor, ENROLL)
    expect(visitor.page.get_by_label("Phone number")).to_be_focused()
    visitor.page.keyboard.type(NUMBER)
    visitor.page.keyboard.press("Enter")
    arrive(visitor, CHALLENGE)
    type_code(visitor, site.inbox.latest().code)
    save_recovery_codes(visitor)
