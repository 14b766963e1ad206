"""On to the tenant's own pages and back, and signing out there too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import (
    arrive,
    log_in_at_the_tenant,
    press,
    see_heading,
    see_signed_in,
    sign_in,
    type_identifier,
)
from tests.browser.visits import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]


def test_cancelled_at_the_tenant(visit, site, configure):
    configure(METHODS=["email-code", "universal"])
    visitor = visit(PHONE)
    visitor.open("/accounts/universal/?next=/private/")
    visitor.page.wait_for_url(f"{site.base_url}/u/login?**")
    visitor.page.get_by_role("button", name=re.compile("Cancel")).click()
    see_heading(visitor, "You’re not signed in")
    visitor.forgive(403)
    visitor.check()


def test_captcha_leads_to_universal_login(visit, site, configure):
    configure(METHODS=["email-code", "universal"])
    site.switches.bot_detection = "requires_verification"
    visitor = visit(PHONE)
    visitor.open("/private/")
    type_identifier(visitor)
    see_heading(visitor, "We need one more check")
    visitor.forgive(403)
    visitor.check()
    press(visitor, "link", "Use another sign-in method")
    log_in_at_the_tenant(visitor, site)
    see_signed_in(visitor)


def test_sign_out_at_auth0_too(visit, site, configure, settings):
    configure(METHODS=["universal"], LOGOUT="auth0")
    settings.LOGOUT_REDIRECT_URL = "home"
    visitor = visit(PHONE)
    page = visitor.page
    visitor.open("/private/")
    log_in_at_the_tenant(visitor, site)
    see_signed_in(visitor)
    with page.expect_request("**/v2/logout?**"):
        press(visitor, "button", "Sign out")
    see_heading(visitor, "You’re signed out")
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
    see_heading(visitor, "You’re signed out")
    assert site.calls("/v2/logout") == []
    assert visitor.complaints == []
