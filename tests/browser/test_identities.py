"""A signed-in person's ways to sign in: add one, confirm that it is them, remove one."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import expect

from django_pwdless.session.fresh_login import FRESH
from django_pwdless.session.login_record import LOGIN_KEY
from tests.browser.pictures import picture
from tests.browser.steps import (
    ANN,
    BOB,
    arrive,
    press,
    see_heading,
    see_signed_in,
    sign_in,
    type_code,
    type_identifier,
)
from tests.browser.visits import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]

NUMBER = "+12025550123"
EITHER = "Email address or phone number"


def make_login_old(visitor) -> None:
    """Let the login of this browser's session be too old for changes."""
    cookies = {cookie["name"]: cookie["value"] for cookie in visitor.page.context.cookies()}
    session = SessionStore(cookies["sessionid"])
    session[LOGIN_KEY] = {**session[LOGIN_KEY], "at": time.time() - FRESH - 1}
    session.save()


def add(visitor, site, identifier: str, label: str = "Email address") -> None:
    """Add an address or number, beginning on the list, and come back to it."""
    press(visitor, "link", "Add sign-in method")
    arrive(visitor, "/accounts/identities/add/")
    type_identifier(visitor, identifier, label)
    arrive(visitor, "/accounts/verify/")
    type_code(visitor, site.inbox.latest(identifier).code)
    arrive(visitor, "/accounts/identities/")
    expect(visitor.page.get_by_text("Sign-in method added.")).to_be_visible()


def remove(visitor, identifier: str) -> None:
    """Ask to remove a sign-in method from the list, and confirm it."""
    press(visitor, "link", f"Remove {identifier}")
    see_heading(visitor, "Remove this sign-in method?")
    expect(visitor.page.get_by_text(identifier, exact=True)).to_be_visible()
    press(visitor, "button", "Remove")


def test_add_and_remove(visit, site, configure):
    configure(METHODS=["email-code", "sms-code"])
    visitor = visit(PHONE)
    page = visitor.page
    visitor.open("/private/")
    type_identifier(visitor, ANN, EITHER)
    page.wait_for_url("**/accounts/verify/")
    type_code(visitor, site.inbox.latest(ANN).code)
    see_signed_in(visitor)

    visitor.open("/accounts/identities/")
    arrive(visitor, "/accounts/identities/")
    expect(page.get_by_role("link", name="Remove")).to_have_count(0)
    add(visitor, site, NUMBER, EITHER)
    expect(page.get_by_role("listitem")).to_contain_text([ANN, NUMBER])
    picture(visitor, "identities")

    press(visitor, "link", f"Remove {ANN}")
    see_heading(visitor, "Remove this sign-in method?")
    press(visitor, "link", "Keep")
    expect(page.get_by_role("listitem")).to_contain_text([ANN, NUMBER])
    remove(visitor, ANN)
    text = "Sign-in method removed: a•••@example.com"
    expect(page.get_by_text(text)).to_be_visible()
    expect(page.get_by_role("listitem")).to_contain_text([NUMBER])
    expect(page.get_by_role("link", name="Remove")).to_have_count(0)
    visitor.check()


def test_add_and_remove_without_the_script(visit, site):
    visitor = visit(PHONE, java_script_enabled=False)
    sign_in(visitor, site)
    visitor.open("/accounts/identities/")
    press(visitor, "link", "Add sign-in method")
    type_identifier(visitor, BOB)
    visitor.page.wait_for_url("**/accounts/verify/")
    type_code(visitor, site.inbox.latest(BOB).code)
    remove(visitor, ANN)
    expect(visitor.page.get_by_role("listitem")).to_contain_text([BOB])
    assert visitor.complaints == []


def test_old_login_is_confirmed_first(visit, site):
    visitor = visit(PHONE)
    page = visitor.page
    sign_in(visitor, site)
    make_login_old(visitor)
    visitor.open("/accounts/identities/")
    press(visitor, "link", "Add sign-in method")
    arrive(visitor, "/accounts/login/")
    see_heading(visitor, "Confirm it’s you")
    expect(page.get_by_text(f"You’re signed in as {ANN}.")).to_be_visible()
    expect(page.get_by_role("link", name="Not now")).to_be_visible()
    expect(page.get_by_text("Use a different account")).to_be_visible()

    press(visitor, "button", "Send code")
    arrive(visitor, "/accounts/verify/")
    type_code(visitor, site.inbox.latest(ANN).code)
    arrive(visitor, "/accounts/identities/add/")


def test_the_last_one_stays(visit, site):
    visitor = visit(PHONE)
    page = visitor.page
    sign_in(visitor, site)
    visitor.open("/accounts/identities/")
    add(visitor, site, BOB)

    list_url = page.url
    press(visitor, "link", f"Remove {ANN}")
    see_heading(visitor, "Remove this sign-in method?")

    other_tab = page.context.new_page()
    other_tab.goto(list_url)
    other_tab.get_by_role("link", name=f"Remove {BOB}").press("Enter")
    other_tab.get_by_role("button", name="Remove").press("Enter")
    expect(other_tab.get_by_role("listitem")).to_have_count(1)

    press(visitor, "button", "Remove")
    expect(page.get_by_text("This is your only sign-in method.").first).to_be_visible()
    expect(page.get_by_role("listitem")).to_contain_text([ANN])
    visitor.check()


def test_somebody_elses_is_refused(visit, site):
    sign_in(visit(), site, BOB)
    visitor = visit(PHONE)
    sign_in(visitor, site)
    visitor.open("/accounts/identities/")
    press(visitor, "link", "Add sign-in method")
    type_identifier(visitor, BOB)
    arrive(visitor, "/accounts/verify/")
    type_code(visitor, site.inbox.latest(BOB).code)
    see_heading(visitor, "We could not add this sign-in method")
    visitor.forgive(403)
    visitor.check()


def test_another_address_to_add(visit, site):
    visitor = visit(PHONE)
    sign_in(visitor, site)
    visitor.open("/accounts/identities/add/")
    type_identifier(visitor, "bob@exmaple.com")
    arrive(visitor, "/accounts/verify/")
    press(visitor, "link", "Change address")
    arrive(visitor, "/accounts/identities/add/")
