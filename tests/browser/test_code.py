"""Signing in by an e-mailed code, as a person does it.

With PWDLESS_PICTURES naming a folder, the journeys leave the documentation's pictures there.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import View

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]

ANN = "ann@example.com"
VIEWS = [View(width, scheme) for width in (320, 1280) for scheme in ("light", "dark")]


@pytest.fixture(autouse=True)
def site(pwdless_tenant):
    return pwdless_tenant


def type_in(visitor, name: str, text: str) -> None:
    """Type as soon as the field has the focus, which the page itself must have put there."""
    field = visitor.page.get_by_role("textbox", name=name)
    expect(field).to_be_focused()
    visitor.page.keyboard.type(text)


def type_address(visitor, address: str = ANN) -> None:
    type_in(visitor, "E-mail address", address)
    visitor.page.keyboard.press("Enter")


def type_code(visitor, code: str) -> None:
    visitor.page.wait_for_url("**/accounts/verify/")
    type_in(visitor, "Code", code)
    visitor.page.keyboard.press("Enter")


def wrong(code: str) -> str:
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))


def tab_to(visitor, role: str, name: str) -> None:
    """Press the tab key until the control has the focus, as somebody without a mouse does."""
    control = visitor.page.get_by_role(role, name=name)
    for _ in range(20):
        if control.evaluate("element => element === document.activeElement"):
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"{role} {name!r} cannot be reached by the keyboard")


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_sign_in_and_out_by_keyboard(visit, site, view):
    visitor = visit(view)
    page, keyboard = visitor.page, visitor.page.keyboard

    visitor.open("/private/")
    assert visitor.path == "/accounts/login/"
    expect(page).to_have_title("Sign in")
    visitor.check()
    visitor.picture("login", typed=ANN)

    type_address(visitor, "ann@")
    expect(page).to_have_title("Error: Sign in")
    address = page.get_by_role("textbox")
    expect(address).to_be_focused()
    expect(address).to_have_value("ann@")
    visitor.check()

    keyboard.press("ControlOrMeta+A")
    type_address(visitor)
    page.wait_for_url("**/accounts/verify/")
    expect(page.get_by_role("textbox", name="Code")).to_be_focused()
    visitor.check()
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
    tab_to(visitor, "button", "Continue")
    keyboard.press("Enter")
    page.wait_for_url("**/private/")
    expect(page.get_by_text(f"Signed in: {ANN}")).to_be_visible()
    visitor.check()

    tab_to(visitor, "button", "Sign out")
    keyboard.press("Space")
    page.wait_for_url("**/accounts/logged-out/")
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    visitor.check()
    assert len(site.inbox.messages(ANN)) == 1


@pytest.mark.parametrize("width", [320, 1280])
def test_sign_in_without_the_script(visit, site, width):
    visitor = visit(View(width), java_script_enabled=False)
    page = visitor.page
    visitor.open("/private/")
    type_address(visitor)
    page.wait_for_url("**/accounts/verify/")
    expect(page.locator("#pwdless-wait")).to_have_text(re.compile(r"again in \d+ seconds"))
    page.get_by_role("textbox", name="Code").fill(site.inbox.latest(ANN).code)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/private/")
    expect(page.get_by_text(f"Signed in: {ANN}")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/logged-out/")
    assert visitor.complaints == []


@pytest.mark.parametrize("view", [View(320, "dark"), View(1280)], ids=str)
def test_code_tried_too_often_leads_to_a_new_one(visit, site, settings, view):
    settings.PWDLESS = {**settings.PWDLESS, "RESEND_COOLDOWN": 0}
    visitor = visit(view)
    page = visitor.page
    visitor.open("/accounts/login/")
    type_address(visitor)
    page.wait_for_url("**/accounts/verify/")
    first = site.inbox.latest(ANN).code
    field = page.get_by_role("textbox", name="Code")
    for left in ("2 tries left.", "1 try left.", "No tries left."):
        type_code(visitor, wrong(first))
        expect(page.locator("#id_code_error")).to_contain_text(left)
    expect(page).to_have_title("Error: Enter your code")
    expect(field).to_be_focused()
    visitor.check()

    tab_to(visitor, "button", "Send a new code")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    visitor.check()
    second = site.inbox.latest(ANN)
    assert len(site.inbox.messages(ANN)) == 2
    field.fill(second.code)
    field.press("Enter")
    expect(page.get_by_text(f"Signed in: {ANN}")).to_be_visible()


@pytest.mark.parametrize("view", [View(320), View(1280, "dark")], ids=str)
def test_outage_is_told_and_the_login_goes_on_afterwards(visit, site, view):
    visitor = visit(view)
    page = visitor.page
    visitor.open("/accounts/login/")
    type_address(visitor)
    page.wait_for_url("**/accounts/verify/")
    code = site.inbox.latest(ANN).code
    site.fail("/oauth/token", "server_error", times=1)
    type_code(visitor, code)
    expect(page.get_by_role("link", name="Try again")).to_be_visible()
    visitor.complaints[:] = [text for text in visitor.complaints if "503" not in text]
    visitor.check()

    tab_to(visitor, "link", "Try again")
    page.keyboard.press("Enter")
    type_code(visitor, code)
    expect(page.get_by_text(f"Signed in: {ANN}")).to_be_visible()


def test_double_click_sends_one_message(visit, site):
    visitor = visit()
    visitor.open("/accounts/login/")
    type_in(visitor, "E-mail address", ANN)
    visitor.page.get_by_role("button", name="Continue").dblclick()
    visitor.page.wait_for_url("**/accounts/verify/")
    assert len(site.inbox.messages(ANN)) == 1


def test_signed_in_already(visit, site):
    visitor = visit(View(320))
    page = visitor.page
    visitor.open("/accounts/login/")
    type_address(visitor)
    page.wait_for_url("**/accounts/verify/")
    type_code(visitor, site.inbox.latest(ANN).code)
    expect(page.get_by_text(f"Signed in: {ANN}")).to_be_visible()

    visitor.open("/accounts/login/?next=/private/")
    expect(page.get_by_role("heading", name="You are signed in")).to_be_visible()
    expect(page.get_by_role("textbox")).to_be_hidden()
    visitor.check()
    page.get_by_text("Sign in as somebody else").click()
    page.get_by_role("textbox").fill("bob@example.com")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/verify/")
    type_code(visitor, site.inbox.latest("bob@example.com").code)
    page.wait_for_url("**/private/")
    expect(page.get_by_text("Signed in: bob@example.com")).to_be_visible()
