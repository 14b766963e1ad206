"""Signing in by a texted code, and one field for addresses and numbers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.pictures import picture
from tests.browser.steps import (
    ANN,
    arrive,
    choose,
    press,
    see_signed_in,
    type_code,
    type_identifier,
)
from tests.browser.visits import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]

NUMBER = "+12025550123"
EITHER = "Email address or phone number"


def test_sign_in_by_a_texted_code(visit, site, configure):
    configure(METHODS=["sms-code"])
    visitor = visit(PHONE)
    visitor.open("/private/")
    arrive(visitor, "/accounts/login/")
    type_identifier(visitor, "2025550123", "Phone number")
    expect(visitor.page).to_have_title("Error: Sign in")
    expect(visitor.page.get_by_role("textbox")).to_have_value("2025550123")
    visitor.check()

    visitor.page.keyboard.press("ControlOrMeta+A")
    type_identifier(visitor, "+1 (202) 555-0123", "Phone number")
    arrive(visitor, "/accounts/verify/")
    expect(visitor.page.get_by_text("from the text message to +12025550123")).to_be_visible()
    picture(visitor, "verify-sms", typed="482913")
    type_code(visitor, site.inbox.latest(NUMBER).code)
    see_signed_in(visitor, NUMBER)


def test_one_field_for_address_or_number(visit, site, configure):
    configure(METHODS=["email-code", "sms-code"])
    visitor = visit(PHONE)
    page = visitor.page
    visitor.open("/private/")
    arrive(visitor, "/accounts/login/")
    expect(page.get_by_role("radio")).to_have_count(0)
    type_identifier(visitor, NUMBER, EITHER)
    arrive(visitor, "/accounts/verify/")
    expect(page.get_by_text("from the text message")).to_be_visible()
    press(visitor, "link", "Change number")
    arrive(visitor, "/accounts/login/")
    expect(page.get_by_role("textbox")).to_have_value(NUMBER)
    page.keyboard.press("ControlOrMeta+A")
    type_identifier(visitor, ANN, EITHER)
    arrive(visitor, "/accounts/verify/")
    expect(page.get_by_text("from the email")).to_be_visible()
    type_code(visitor, site.inbox.latest(ANN).code)
    see_signed_in(visitor)


def test_choice_is_about_addresses_only(visit, site, configure):
    configure(METHODS=["email-code", "email-link", "sms-code"])
    visitor = visit(PHONE)
    visitor.open("/private/")
    arrive(visitor, "/accounts/login/")
    group = visitor.page.get_by_role("group", name="What should we email you?")
    expect(group.get_by_role("radio")).to_have_count(2)
    choose(visitor, "Link by email")
    visitor.page.keyboard.press("Shift+Tab")
    type_identifier(visitor, NUMBER, EITHER)
    arrive(visitor, "/accounts/verify/")
    type_code(visitor, site.inbox.latest(NUMBER).code)
    see_signed_in(visitor, NUMBER)
