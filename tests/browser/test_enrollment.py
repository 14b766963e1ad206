"""Setting up a second factor where there is none."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from django_pwdless.localtenant.totp import code_of, step_at
from tests.browser.conftest import DARK_DESK, DARK_PHONE, DESK, PHONE
from tests.browser.keyboard import (
    ANN,
    arrive,
    choose,
    on_the_phone,
    press,
    prove_address,
    see_heading,
    see_signed_in,
    tab_to,
    type_code,
)

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]

NUMBER = "+12025550123"
ENROLL, CHALLENGE = "/accounts/mfa/enroll/", "/accounts/mfa/challenge/"
SAVE = "/accounts/mfa/recovery-codes/"


@pytest.fixture(autouse=True)
def person(site, configure):
    configure(CUSTOMIZE_MFA=True)
    return site.add_person(ANN, mfa="enroll")


def type_app_code(visitor) -> None:
    """Type what an app would show that was given the key of the page by hand."""
    secret = visitor.page.locator("#pwdless-secret").inner_text()
    tab_to(visitor.page, "textbox", "Code")
    type_code(visitor, code_of(secret, step_at(time.time())))


def save_recovery_codes(visitor) -> None:
    arrive(visitor, SAVE)
    expect(visitor.page.get_by_role("listitem").first).to_be_visible()
    press(visitor, "button", "I have saved it")
    see_signed_in(visitor)


@pytest.mark.parametrize("view", [PHONE, DARK_PHONE, DESK, DARK_DESK], ids=str)
def test_authenticator_app(visit, site, person, view):
    visitor = visit(view)
    page = visitor.page
    prove_address(visitor, site)
    arrive(visitor, ENROLL)
    expect(page.get_by_label("Phone number")).to_be_hidden()
    choose(visitor, "Authenticator app")
    press(visitor, "button", "Continue")
    arrive(visitor, CHALLENGE)
    see_heading(visitor, "Set up your authenticator app")
    picture = page.get_by_role("img", name="QR code to scan with the app")
    box = picture.locator("svg").bounding_box()
    assert box and box["width"] == box["height"] > 150
    secret = page.locator("#pwdless-secret").inner_text()
    link = page.get_by_role("link", name="Open in an app on this device").get_attribute("href")
    assert link.startswith("otpauth://totp/") and f"secret={secret}" in link
    assert page.evaluate("scrollY") == 0
    visitor.picture("mfa-enroll")
    type_app_code(visitor)
    save_recovery_codes(visitor)
    assert person.factor("otp").active


@pytest.mark.parametrize("view", [DARK_PHONE, DESK], ids=str)
@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("Text message", "Type the code from the text message to ••• 23."),
        ("Phone call", "We are calling ••• 23. Type the code that you hear."),
    ],
)
def test_phone(visit, site, view, channel, words):
    visitor = visit(view)
    page = visitor.page
    prove_address(visitor, site)
    arrive(visitor, ENROLL)
    choose(visitor, "Code to your phone")
    choose(visitor, channel)
    press(visitor, "button", "Continue")
    expect(page).to_have_title("Error: Set up a second step")
    expect(page.get_by_label("Phone number")).to_be_focused()
    expect(page.get_by_role("radio", name=channel)).to_be_checked()
    visitor.check()
    page.keyboard.type("+1 202 555 0123")
    page.keyboard.press("Enter")
    arrive(visitor, CHALLENGE)
    expect(page.get_by_text(words)).to_be_visible()
    type_code(visitor, site.inbox.latest().code)
    save_recovery_codes(visitor)


@pytest.mark.parametrize("view", [PHONE, DARK_DESK], ids=str)
def test_push(visit, site, view):
    visitor = visit(view)
    prove_address(visitor, site)
    arrive(visitor, ENROLL)
    choose(visitor, "Notification on your phone")
    press(visitor, "button", "Continue")
    arrive(visitor, CHALLENGE)
    see_heading(visitor, "Set up the app on your phone")
    expect(visitor.page.get_by_role("img", name="QR code to scan with the app")).to_be_visible()
    on_the_phone(visitor, site, "Scan")
    save_recovery_codes(visitor)


@pytest.mark.parametrize("view", [DARK_PHONE, DESK], ids=str)
def test_another_way_leads_back_to_the_choice(visit, site, view):
    visitor = visit(view)
    prove_address(visitor, site)
    arrive(visitor, ENROLL)
    choose(visitor, "Notification on your phone")
    press(visitor, "button", "Continue")
    arrive(visitor, CHALLENGE)
    press(visitor, "link", "Use another way")
    arrive(visitor, ENROLL)
    choose(visitor, "Authenticator app")
    press(visitor, "button", "Continue")
    see_heading(visitor, "Set up your authenticator app")
    type_app_code(visitor)
    save_recovery_codes(visitor)


@pytest.mark.parametrize("view", [PHONE, DARK_DESK], ids=str)
def test_only_one_factor_is_no_choice(visit, site, configure, view):
    configure(MFA_ENROLL_FACTORS=["phone"])
    visitor = visit(view)
    prove_address(visitor, site)
    arrive(visitor, ENROLL)
    expect(visitor.page.get_by_label("Phone number")).to_be_focused()
    visitor.page.keyboard.type(NUMBER)
    visitor.page.keyboard.press("Enter")
    arrive(visitor, CHALLENGE)
    type_code(visitor, site.inbox.latest().code)
    save_recovery_codes(visitor)


def test_authenticator_app_without_the_script(visit, site):
    visitor = visit(PHONE, java_script_enabled=False)
    prove_address(visitor, site)
    visitor.page.wait_for_url(f"**{ENROLL}")
    press(visitor, "button", "Continue")
    visitor.page.wait_for_url(f"**{CHALLENGE}")
    type_app_code(visitor)
    visitor.page.wait_for_url(f"**{SAVE}?**")
    press(visitor, "button", "I have saved it")
    see_signed_in(visitor)
    assert visitor.complaints == []


def test_push_without_the_script(visit, site):
    visitor = visit(PHONE, java_script_enabled=False)
    prove_address(visitor, site)
    visitor.page.wait_for_url(f"**{ENROLL}")
    choose(visitor, "Notification on your phone")
    press(visitor, "button", "Continue")
    visitor.page.wait_for_url(f"**{CHALLENGE}")
    on_the_phone(visitor, site, "Scan")
    visitor.page.wait_for_timeout(5_100)
    press(visitor, "button", "The app is ready")
    visitor.page.wait_for_url(f"**{SAVE}?**")
    assert visitor.complaints == []
