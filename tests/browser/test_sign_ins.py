"""One browser ends the sign-in of another."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.steps import arrive, press, see_heading, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


def test_end_one_from_the_other(visit, site, configure):
    configure(SIGN_INS=True)
    phone, laptop = visit(user_agent=IPHONE), visit()
    for visitor in (phone, laptop):
        sign_in(visitor, site)
    laptop.open("/accounts/sign-ins/")
    see_heading(laptop, "Where you’re signed in")
    page = laptop.page
    expect(page.get_by_role("listitem").filter(has_text="This device")).to_contain_text("Linux")
    expect(page.get_by_text("Safari on iPhone")).to_be_visible()

    press(laptop, "button", "Sign out Safari on iPhone")
    expect(page.get_by_text("Device signed out.")).to_be_visible()
    expect(page.get_by_text("You’re signed in on this device only.")).to_be_visible()

    phone.open("/accounts/identities/")
    arrive(phone, "/accounts/login/?next=/accounts/identities/")
    laptop.open("/accounts/identities/")
    arrive(laptop, "/accounts/identities/")


def test_end_all_others(visit, site, configure):
    configure(SIGN_INS=True)
    others, here = [visit(), visit()], visit()
    for visitor in (*others, here):
        sign_in(visitor, site)
    here.open("/accounts/sign-ins/")
    press(here, "button", "Sign out everywhere else")
    expect(here.page.get_by_text("You’re signed out everywhere else.")).to_be_visible()
    for other in others:
        other.open("/accounts/sign-ins/")
        arrive(other, "/accounts/login/?next=/accounts/sign-ins/")
