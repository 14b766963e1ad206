"""Signing in by an emailed link: in this browser, in another one, on any device."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.pictures import picture
from tests.browser.steps import (
    ANN,
    arrive,
    choose,
    follow_mailed_link,
    press,
    see_heading,
    see_signed_in,
    type_code,
    type_identifier,
    wrong,
)
from tests.browser.visits import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]


@pytest.fixture
def links(configure):
    configure(METHODS=["email-link", "email-code"], RESEND_COOLDOWN=0)


def ask_for_link(visitor) -> None:
    visitor.open("/private/")
    type_identifier(visitor)
    arrive(visitor, "/accounts/sent/")


@pytest.mark.usefixtures("links")
def test_link_is_pressed_in_the_inbox(visit, site):
    visitor = visit(PHONE)
    visitor.open("/private/")
    arrive(visitor, "/accounts/login/")
    choose(visitor, "Code by email")
    choose(visitor, "Link by email")
    visitor.page.keyboard.press("Shift+Tab")
    type_identifier(visitor)
    arrive(visitor, "/accounts/sent/")
    expect(visitor.page.get_by_text(ANN)).to_be_visible()
    picture(visitor, "link-sent")

    follow_mailed_link(visitor, site)
    see_signed_in(visitor)
    visitor.check()
    assert len(site.inbox.messages(ANN)) == 1


@pytest.mark.usefixtures("links")
def test_link_opened_elsewhere_is_dead_and_a_code_is_one_press_away(visit, site):
    visitor, elsewhere = visit(PHONE), visit(PHONE)
    ask_for_link(visitor)

    follow_mailed_link(elsewhere, site)
    see_heading(elsewhere, "This link does not work")
    elsewhere.forgive(400)
    elsewhere.check()
    press(elsewhere, "link", "Start again")
    arrive(elsewhere, "/accounts/login/")

    follow_mailed_link(visitor, site)
    see_heading(visitor, "This link does not work")
    visitor.forgive(400)
    visitor.check()
    press(visitor, "button", "Use a code instead")
    arrive(visitor, "/accounts/verify/")
    type_code(visitor, site.inbox.latest(ANN).code)
    see_signed_in(visitor)


@pytest.mark.usefixtures("links")
def test_link_is_dead_once_it_was_used(visit, site):
    visitor = visit(PHONE)
    ask_for_link(visitor)
    link = site.inbox.latest(ANN).link
    visitor.open(link)
    see_signed_in(visitor)
    visitor.open(link)
    see_heading(visitor, "This link does not work")
    visitor.forgive(400)
    visitor.check()
    visitor.open("/private/")
    see_signed_in(visitor)


@pytest.mark.usefixtures("links")
def test_code_instead_of_a_link(visit, site):
    visitor = visit(PHONE)
    ask_for_link(visitor)
    press(visitor, "button", "Send a new link")
    expect(
        visitor.page.get_by_text("Look out for a new message. Only the newest one works.")
    ).to_be_visible()
    visitor.check()
    press(visitor, "button", "Use a code instead")
    arrive(visitor, "/accounts/verify/")
    assert [message.send for message in site.inbox.messages(ANN)] == ["link", "link", "code"]
    type_code(visitor, site.inbox.latest(ANN).code)
    see_signed_in(visitor)


# The any-device link


@pytest.fixture
def any_device(site, live_server):
    site.switches.mail_link = live_server.url + "/accounts/link/#code={{ code }}"


def history_of(page) -> list[str]:
    """The addresses that the browser keeps of this tab."""
    session = page.context.new_cdp_session(page)
    return [entry["url"] for entry in session.send("Page.getNavigationHistory")["entries"]]


def ask_for_code(visitor) -> None:
    visitor.open("/private/")
    type_identifier(visitor)
    visitor.page.wait_for_url("**/accounts/verify/")


@pytest.mark.usefixtures("any_device")
def test_any_device_link_in_the_same_browser(visit, site):
    visitor = visit(PHONE)
    page = visitor.page
    ask_for_code(visitor)
    follow_mailed_link(visitor, site)
    arrive(visitor, "/accounts/link/")
    expect(page.get_by_role("status")).to_have_text("The code from your link is filled in.")
    assert page.url == f"{visitor.origin}/accounts/link/"
    assert len(site.calls("/oauth/token")) == 0
    picture(visitor, "link", typed="482913")
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    page.keyboard.press("Enter")
    see_signed_in(visitor)
    assert not any("#" in address for address in history_of(page))
    page.go_back()
    assert site.inbox.latest(ANN).code not in page.content()


@pytest.mark.usefixtures("any_device")
def test_any_device_link_on_another_device(visit, site):
    ask_for_code(visit())
    visitor = visit(PHONE)
    page = visitor.page
    code = site.inbox.latest(ANN).code
    visitor.open(site.inbox.latest(ANN).link.replace(code, wrong(code)))
    arrive(visitor, "/accounts/link/")
    assert page.url == f"{visitor.origin}/accounts/link/"
    type_identifier(visitor)
    expect(page).to_have_title("Error: Sign in with your code")
    expect(page.get_by_role("textbox", name="Code")).to_be_focused()
    visitor.check()

    type_code(visitor, code)
    page.wait_for_url(f"{visitor.origin}/")
    expect(page.get_by_text(f"Signed in: {ANN}")).to_be_visible()
