"""Signing in by an emailed code, as a person does it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.pictures import picture
from tests.browser.steps import (
    ANN,
    BOB,
    arrive,
    press,
    see_heading,
    see_signed_in,
    sign_in,
    tab_to,
    type_code,
    type_identifier,
    type_in,
    wrong,
)
from tests.browser.visits import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]


def test_sign_in_and_out_by_keyboard(visit, site):
    visitor = visit(PHONE)
    page, keyboard = visitor.page, visitor.page.keyboard

    visitor.open("/private/")
    arrive(visitor, "/accounts/login/")
    expect(page).to_have_title("Sign in")
    picture(visitor, "login", typed=ANN)

    type_identifier(visitor, "ann@")
    expect(page).to_have_title("Error: Sign in")
    address = page.get_by_role("textbox")
    expect(address).to_be_focused()
    expect(address).to_have_value("ann@")
    visitor.check()

    keyboard.press("ControlOrMeta+A")
    type_identifier(visitor)
    arrive(visitor, "/accounts/verify/")
    expect(page.get_by_role("textbox", name="Code")).to_be_focused()
    picture(visitor, "verify", typed="482913")

    code = site.inbox.latest(ANN).code
    type_code(visitor, wrong(code))
    expect(page).to_have_title("Error: Enter your code")
    field = page.get_by_role("textbox", name="Code")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("tries left")).to_be_visible()
    visitor.check()

    type_in(visitor, "Code", f"{code[:3]} {code[3:]}")
    press(visitor, "button", "Continue")
    see_signed_in(visitor)
    visitor.check()

    tab_to(page, "button", "Sign out")
    keyboard.press("Space")
    arrive(visitor, "/accounts/logged-out/")
    see_heading(visitor, "You’re signed out")
    assert len(site.inbox.messages(ANN)) == 1


def test_code_tried_too_often_leads_to_a_new_one(visit, site, configure):
    configure(RESEND_COOLDOWN=0)
    visitor = visit(PHONE)
    page = visitor.page
    visitor.open("/accounts/login/?next=/private/")
    type_identifier(visitor)
    arrive(visitor, "/accounts/verify/")
    first = site.inbox.latest(ANN).code
    for left in ("2 tries left.", "1 try left.", "You have no tries left."):
        type_code(visitor, wrong(first))
        expect(page.locator("#id_code_error")).to_contain_text(left)
    expect(page).to_have_title("Error: Enter your code")
    expect(page.get_by_role("textbox", name="Code")).to_be_focused()
    visitor.check()

    press(visitor, "button", "Send a new code")
    expect(
        page.get_by_text("Look out for a new message. Only the newest one works.")
    ).to_be_visible()
    visitor.check()
    assert len(site.inbox.messages(ANN)) == 2
    type_code(visitor, site.inbox.latest(ANN).code)
    see_signed_in(visitor)


def test_outage_is_told_and_the_login_goes_on_afterwards(visit, site):
    visitor = visit(PHONE)
    visitor.open("/private/")
    type_identifier(visitor)
    arrive(visitor, "/accounts/verify/")
    code = site.inbox.latest(ANN).code
    site.fail("/oauth/token", "server_error", times=1)
    type_code(visitor, code)
    see_heading(visitor, "Sign-in is not working")
    visitor.forgive(503)
    visitor.check()

    press(visitor, "link", "Try again")
    type_code(visitor, code)
    see_signed_in(visitor)


def test_double_click_sends_one_message(visit, site):
    visitor = visit()
    visitor.open("/accounts/login/")
    type_in(visitor, "Email address", ANN)
    visitor.page.get_by_role("button", name="Continue").dblclick()
    visitor.page.wait_for_url("**/accounts/verify/")
    assert len(site.inbox.messages(ANN)) == 1


def test_signed_in_already(visit, site):
    visitor = visit(PHONE)
    page = visitor.page
    sign_in(visitor, site)
    visitor.open("/accounts/login/?next=/private/")
    see_heading(visitor, "You’re signed in")
    expect(page.get_by_role("heading", name="Use a different account")).to_be_visible()
    expect(page.get_by_role("textbox")).not_to_be_focused()
    visitor.check()
    press(visitor, "link", "Continue")
    see_signed_in(visitor)

    visitor.open("/accounts/login/?next=/private/")
    tab_to(page, "textbox", "Email address")
    type_identifier(visitor, BOB)
    arrive(visitor, "/accounts/verify/")
    type_code(visitor, site.inbox.latest(BOB).code)
    see_signed_in(visitor, BOB)
