"""Signing in by an e-mailed code, as a person does it.

With PWDLESS_PICTURES naming a folder, the journeys leave the documentation's pictures there.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DARK_DESK, DARK_PHONE, DESK, PHONE
from tests.browser.keyboard import (
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

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]


@pytest.mark.parametrize("view", [PHONE, DARK_PHONE, DESK, DARK_DESK], ids=str)
def test_sign_in_and_out_by_keyboard(visit, site, view):
    visitor = visit(view)
    page, keyboard = visitor.page, visitor.page.keyboard

    visitor.open("/private/")
    arrive(visitor, "/accounts/login/")
    expect(page).to_have_title("Sign in")
    visitor.picture("login", typed=ANN)

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
    visitor.picture("verify", typed="482913")

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
    see_heading(visitor, "You are signed out")
    assert len(site.inbox.messages(ANN)) == 1


@pytest.mark.parametrize("view", [PHONE, DESK], ids=str)
def test_sign_in_without_the_script(visit, site, view):
    visitor = visit(view, java_script_enabled=False)
    page = visitor.page
    visitor.open("/private/")
    type_identifier(visitor)
    page.wait_for_url("**/accounts/verify/")
    expect(page.locator("#pwdless-wait")).to_have_text(re.compile(r"again in \d+ seconds"))
    type_code(visitor, site.inbox.latest(ANN).code)
    see_signed_in(visitor)
    press(visitor, "button", "Sign out")
    page.wait_for_url("**/accounts/logged-out/")
    assert visitor.complaints == []


@pytest.mark.parametrize("view", [DARK_PHONE, DESK], ids=str)
def test_code_tried_too_often_leads_to_a_new_one(visit, site, configure, view):
    configure(RESEND_COOLDOWN=0)
    visitor = visit(view)
    page = visitor.page
    visitor.open("/accounts/login/?next=/private/")
    type_identifier(visitor)
    arrive(visitor, "/accounts/verify/")
    first = site.inbox.latest(ANN).code
    for left in ("2 tries left.", "1 try left.", "No tries left."):
        type_code(visitor, wrong(first))
        expect(page.locator("#id_code_error")).to_contain_text(left)
    expect(page).to_have_title("Error: Enter your code")
    expect(page.get_by_role("textbox", name="Code")).to_be_focused()
    visitor.check()

    press(visitor, "button", "Send a new code")
    expect(page.get_by_text("A new message is on its way.")).to_be_visible()
    visitor.check()
    assert len(site.inbox.messages(ANN)) == 2
    type_code(visitor, site.inbox.latest(ANN).code)
    see_signed_in(visitor)


@pytest.mark.parametrize("view", [PHONE, DARK_DESK], ids=str)
def test_outage_is_told_and_the_login_goes_on_afterwards(visit, site, view):
    visitor = visit(view)
    visitor.open("/private/")
    type_identifier(visitor)
    arrive(visitor, "/accounts/verify/")
    code = site.inbox.latest(ANN).code
    site.fail("/oauth/token", "server_error", times=1)
    type_code(visitor, code)
    see_heading(visitor, "Signing in does not work right now")
    visitor.forgive(503)
    visitor.check()

    press(visitor, "link", "Try again")
    type_code(visitor, code)
    see_signed_in(visitor)


def test_double_click_sends_one_message(visit, site):
    visitor = visit()
    visitor.open("/accounts/login/")
    type_in(visitor, "E-mail address", ANN)
    visitor.page.get_by_role("button", name="Continue").dblclick()
    visitor.page.wait_for_url("**/accounts/verify/")
    assert len(site.inbox.messages(ANN)) == 1


@pytest.mark.parametrize("view", [PHONE, DARK_DESK], ids=str)
def test_signed_in_already(visit, site, view):
    visitor = visit(view)
    page = visitor.page
    sign_in(visitor, site)
    visitor.open("/accounts/login/?next=/private/")
    see_heading(visitor, "You are signed in")
    expect(page.get_by_role("textbox")).to_be_hidden()
    visitor.check()
    press(visitor, "link", "Continue")
    see_signed_in(visitor)

    visitor.open("/accounts/login/?next=/private/")
    summary = page.locator("summary")
    while not summary.evaluate("element => element === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    type_identifier(visitor, BOB)
    arrive(visitor, "/accounts/verify/")
    type_code(visitor, site.inbox.latest(BOB).code)
    see_signed_in(visitor, BOB)
