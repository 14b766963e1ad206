"""What a person does, on our pages and on the tenant's, each by their own habits."""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Locator, Page, expect

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.people.totp import code_of, step_at
from tests.browser.visits import Visit

ANN = "ann@example.com"
BOB = "bob@example.com"
TABS = 40  # more than any page has to press through


def tab_to(page: Page, role: Any, name: str | re.Pattern[str], nth: int = 0) -> Locator:
    """Press the tab key until the control has the focus."""
    control = page.get_by_role(role, name=name).nth(nth)
    control.wait_for()
    element = control.element_handle()
    for _ in range(TABS):
        if element.evaluate("element => element === document.activeElement"):
            return control
        page.keyboard.press("Tab")
    raise AssertionError(f"{role} {name!r} cannot be reached by the keyboard")


def press(visitor: Visit, role: Any, name: str | re.Pattern[str], nth: int = 0) -> None:
    """Reach a button or a link by the tab key, and press it; or click on it twice."""
    if visitor.habits.has_mouse:
        visitor.page.get_by_role(role, name=name).nth(nth).dblclick()
        return
    tab_to(visitor.page, role, name, nth)
    visitor.page.keyboard.press("Enter")


def submit(visitor: Visit) -> None:
    """Send the form in whose field one is."""
    if visitor.habits.has_mouse:
        visitor.page.locator("form:has(:focus) button[type=submit]").dblclick()
    else:
        visitor.page.keyboard.press("Enter")


def choose(visitor: Visit, name: str) -> None:
    """Reach a group of radio buttons by the tab key, and choose one by the arrow keys."""
    page = visitor.page
    if visitor.habits.has_mouse:
        page.get_by_role("radio", name=name, exact=True).dblclick()
        return
    wanted = page.get_by_role("radio", name=name, exact=True)
    group = wanted.get_attribute("name")
    for _ in range(TABS):
        if page.evaluate("document.activeElement.name") == group:
            break
        page.keyboard.press("Tab")
    for _ in range(TABS):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name!r} cannot be chosen by the keyboard")


def type_in(visitor: Visit, name: str, text: str) -> None:
    """Type as soon as the field has the focus, which the page itself must have put there."""
    field = visitor.page.get_by_role("textbox", name=name, exact=True)
    expect(field).to_be_focused()
    visitor.page.keyboard.type(text)


def fill(visitor: Visit, name: str, text: str) -> None:
    """Reach a field, and type."""
    if visitor.habits.has_mouse:
        visitor.page.get_by_role("textbox", name=name).click()
    else:
        tab_to(visitor.page, "textbox", name)
    visitor.page.keyboard.type(text)


def type_identifier(visitor: Visit, text: str = ANN, label: str = "Email address") -> None:
    """Type an address or number on the login page, and go on."""
    type_in(visitor, label, text)
    submit(visitor)


def arrive(visitor: Visit, path: str) -> None:
    """Wait for a page of the site, and look for what is wrong with it."""
    address = re.compile(f"^{re.escape(visitor.origin + path)}([?#].*)?$")
    page = visitor.page
    page.wait_for_url(address)
    if visitor.habits.looks_back and visitor.is_new_step():
        page.reload()
        page.go_back()
        page.go_forward()
        page.wait_for_url(address)
    visitor.check()


def type_code(visitor: Visit, code: str | None, label: str = "Code") -> None:
    """Type a code, and go on."""
    assert code
    type_in(visitor, label, code[:-1])
    # Only the script says so, and only where the last digit is enough.
    is_enough = visitor.page.locator("[aria-describedby~=pwdless-goes-on]").count() > 0
    visitor.page.keyboard.type(code[-1])
    if not is_enough:
        submit(visitor)


def type_app_code(visitor: Visit) -> None:
    """Type what an app would show that was given the key of the page by hand."""
    secret = visitor.page.locator("#pwdless-secret").inner_text()
    fill(visitor, "Code", code_of(secret, step_at(time.time())))
    submit(visitor)


def wrong(code: str | None) -> str:
    """Return a code of the same shape that was not sent."""
    assert code
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))


def prove_address(visitor: Visit, site: LocalTenant, address: str = ANN) -> None:
    """Ask for a code, and type it."""
    visitor.open("/private/")
    type_identifier(visitor, address)
    visitor.page.wait_for_url("**/accounts/verify/")
    type_code(visitor, site.inbox.latest(address).code)


def sign_in(visitor: Visit, site: LocalTenant, address: str = ANN) -> None:
    """Sign in by a code, and arrive on the site's own page."""
    prove_address(visitor, site, address)
    see_signed_in(visitor, address)


def see_signed_in(visitor: Visit, address: str = ANN) -> None:
    """Arrive on the site's own page as that person."""
    visitor.page.wait_for_url("**/private/")
    expect(visitor.page.get_by_text(f"Signed in: {address}")).to_be_visible()


def open_inbox(visitor: Visit, site: LocalTenant) -> None:
    """Go to the tenant's inbox page, in the same tab."""
    visitor.open(f"{site.base_url}/")


def follow_mailed_link(visitor: Visit, site: LocalTenant) -> None:
    """Open the inbox, and the newest mail's link, which has a tab of its own; here in this one."""
    open_inbox(visitor, site)
    link = visitor.page.get_by_role("link", name="Sign in").first
    expect(link).to_have_attribute("target", "_blank")
    visitor.open(link.get_attribute("href") or "")


def log_in_at_the_tenant(visitor: Visit, site: LocalTenant, address: str = ANN) -> None:
    """Walk through the tenant's own pages."""
    visitor.page.wait_for_url(f"{site.base_url}/u/login?**")
    type_at_the_tenant(visitor, "Email address or phone number", address)
    visitor.page.get_by_role("textbox", name="Code").wait_for()
    type_at_the_tenant(visitor, "Code", site.inbox.latest(address).code)


def type_at_the_tenant(visitor: Visit, name: str, text: str | None) -> None:
    """Fill a field of the tenant's pages, and go on."""
    field = visitor.page.get_by_role("textbox", name=name, exact=True)
    field.fill(text or "")
    field.press("Enter")


def on_the_phone(visitor: Visit, site: LocalTenant, button: str) -> None:
    """Press a button on the phone of the tenant's inbox, in another tab."""
    inbox = visitor.page.context.new_page()
    inbox.goto(f"{site.base_url}/")
    pressed = inbox.get_by_role("button", name=button)
    pressed.click()
    # A page that is closed while it navigates can take the browser with it.
    expect(pressed).to_have_count(0)
    inbox.close()


def see_heading(visitor: Visit, text: str) -> None:
    """Wait for a page by its heading."""
    expect(visitor.page.get_by_role("heading", name=text, level=1)).to_be_visible()
