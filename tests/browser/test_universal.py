"""On to the tenant's own pages and back, and signing out there too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DARK_DESK, DARK_PHONE, DESK, PHONE
from tests.browser.keyboard import (
    ANN,
    arrive,
    press,
    see_heading,
    see_signed_in,
    sign_in,
    type_identifier,
)

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]


def log_in_at_the_tenant(visitor, site) -> None:
    """Walk through the tenant's pages, whose fields take the focus by themselves."""
    page = visitor.page
    page.wait_for_url(f"{site.base_url}/u/login?**")
    page.get_by_role("textbox").fill(ANN)
    page.keyboard.press("Enter")
    code = page.get_by_role("textbox", name="Code")
    code.wait_for()
    code.fill(site.inbox.latest(ANN).code or "")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("view", [PHONE, DARK_DESK], ids=str)
def test_another_way_leads_to_universal_login_and_back(visit, site, configure, view):
    configure(METHODS=["email-code", "universal"])
    visitor = visit(view)
    visitor.open("/private/")
    arrive(visitor, "/accounts/login/")
    press(visitor, "link", "Use another way to sign in")
    log_in_at_the_tenant(visitor, site)
    see_signed_in(visitor)
    visitor.check()


def test_universal_login_without_the_script(visit, site, configure):
    configure(METHODS=["universal"], LOGOUT="auth0")
    visitor = visit(PHONE, java_script_enabled=False)
    visitor.open("/private/")
    log_in_at_the_tenant(visitor, site)
    see_signed_in(visitor)
    press(visitor, "button", "Sign out")
    see_heading(visitor, "You are signed out")
    assert len(site.calls("/v2/logout")) == 1
    assert visitor.complaints == []


@pytest.mark.parametrize("view", [DARK_PHONE, DESK], ids=str)
def test_cancelled_at_the_tenant(visit, site, configure, view):
    configure(METHODS=["email-code", "universal"])
    visitor = visit(view)
    visitor.open("/accounts/universal/?next=/private/")
    visitor.page.wait_for_url(f"{site.base_url}/u/login?**")
    visitor.page.get_by_role("button", name=re.compile("Cancel")).click()
    see_heading(visitor, "You cannot be signed in")
    visitor.forgive(403)
    visitor.check()


@pytest.mark.parametrize("view", [PHONE, DARK_DESK], ids=str)
def test_captcha_leads_to_universal_login(visit, site, configure, view):
    configure(METHODS=["email-code", "universal"])
    site.switches.bot_detection = "requires_verification"
    visitor = visit(view)
    visitor.open("/private/")
    type_identifier(visitor)
    see_heading(visitor, "One more check is needed")
    visitor.forgive(403)
    visitor.check()
    press(visitor, "link", "Use another way to sign in")
    log_in_at_the_tenant(visitor, site)
    see_signed_in(visitor)


@pytest.mark.parametrize("view", [DARK_PHONE, DESK], ids=str)
def test_sign_out_at_auth0_too(visit, site, configure, settings, view):
    configure(METHODS=["universal"], LOGOUT="auth0")
    settings.LOGOUT_REDIRECT_URL = "home"
    visitor = visit(view)
    page = visitor.page
    visitor.open("/private/")
    log_in_at_the_tenant(visitor, site)
    see_signed_in(visitor)
    with page.expect_request("**/v2/logout?**"):
        press(visitor, "button", "Sign out")
    see_heading(visitor, "You are signed out")
    arrive(visitor, "/accounts/logged-out/")
    press(visitor, "link", "Continue")
    page.wait_for_url(f"{visitor.origin}/")
    expect(page.get_by_text("Signed in: nobody")).to_be_visible()

    # Neither here nor there: the tenant asks again who it is.
    visitor.open("/private/")
    page.wait_for_url(f"{site.base_url}/u/login?**")


def test_sign_out_stays_here_after_a_code(visit, site, configure):
    configure(METHODS=["email-code", "universal"], LOGOUT="auth0")
    visitor = visit(PHONE)
    sign_in(visitor, site)
    press(visitor, "button", "Sign out")
    see_heading(visitor, "You are signed out")
    assert site.calls("/v2/logout") == []
    assert visitor.complaints == []
