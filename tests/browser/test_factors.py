"""A person swaps their phone: the old authenticator app goes, a new one and a number come."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import expect

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.people.totp import code_of, step_at
from tests.browser.steps import (
    ANN,
    arrive,
    choose,
    fill,
    log_in_at_the_tenant,
    press,
    prove_address,
    see_heading,
    see_signed_in,
    submit,
    type_app_code,
    type_at_the_tenant,
    type_code,
)
from tests.browser.visits import DARK_PHONE, PHONE, Habits, Visit

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]

OLD, NEW = "+12025550123", "+12025550187"
FACTORS, ADD = "/accounts/factors/", "/accounts/factors/add/"
CHALLENGE, SELECT = "/accounts/mfa/challenge/", "/accounts/mfa/"
HABITS = [Habits("keyboard", PHONE), Habits("no-script", DARK_PHONE, has_script=False)]


@pytest.fixture(autouse=True)
def factors_page(configure: Any) -> None:
    configure(
        CUSTOMIZE_MFA=True,
        METHODS=["email-code", "universal"],
        FACTORS_PAGE=True,
        SUPPORT_URL="https://www.example.com/help/",
    )


def prove_now(visitor: Visit, site: LocalTenant) -> None:
    """Go through the step-up, with a second factor at Auth0."""
    arrive(visitor, FACTORS)
    press(visitor, "link", "Confirm it’s you")
    log_in_at_the_tenant(visitor, site)
    visitor.page.get_by_role("textbox", name="Second code").wait_for()
    type_at_the_tenant(visitor, "Second code", site.inbox.latest().code)
    arrive(visitor, FACTORS)
    see_heading(visitor, "Second steps")


@pytest.mark.parametrize("habits", HABITS, ids=str)
def test_swap_the_phone(visit: Any, site: LocalTenant, habits: Habits) -> None:
    person = site.add_person(ANN, phone_number=OLD, factors=["otp", "sms", "recovery-code"])
    visitor = visit(habits)
    page = visitor.page
    prove_address(visitor, site)
    arrive(visitor, SELECT)
    press(visitor, "button", re.compile("Text message"))
    arrive(visitor, CHALLENGE)
    type_code(visitor, site.inbox.latest().code)
    see_signed_in(visitor)

    visitor.open(FACTORS)
    prove_now(visitor, site)
    press(visitor, "link", "Remove Authenticator app")
    see_heading(visitor, "Remove this second step?")
    visitor.check()
    press(visitor, "button", "Remove")
    arrive(visitor, FACTORS)
    expect(page.get_by_text("Second step removed.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Remove Text"))).to_have_count(0)

    press(visitor, "link", "Add a second step")
    arrive(visitor, ADD)
    choose(visitor, "Authenticator app")
    press(visitor, "button", "Continue")
    arrive(visitor, CHALLENGE)
    secret = page.locator("#pwdless-secret").inner_text()
    type_app_code(visitor)
    arrive(visitor, FACTORS)
    expect(page.get_by_text("Second step added.")).to_be_visible()

    press(visitor, "link", "Add a second step")
    arrive(visitor, ADD)
    choose(visitor, "Text message or phone call")
    fill(visitor, "Phone number", NEW)
    submit(visitor)
    arrive(visitor, CHALLENGE)
    type_code(visitor, site.inbox.latest().code)
    arrive(visitor, FACTORS)
    expect(page.get_by_text("Authenticator app")).to_be_visible()
    press(visitor, "button", "Done")
    expect(page.get_by_role("link", name="Confirm it’s you")).to_be_visible()
    visitor.check()
    assert sorted(f.target or "" for f in person.factors if f.factor == "sms") == [OLD, NEW]

    visitor.open("/private/")
    press(visitor, "button", "Sign out")
    see_heading(visitor, "You’re signed out")
    prove_address(visitor, site)
    arrive(visitor, SELECT)
    press(visitor, "button", "Authenticator app")
    arrive(visitor, CHALLENGE)
    # The app's code before was used up.
    type_code(visitor, code_of(secret, step_at(time.time()) + 1))
    see_signed_in(visitor)


@pytest.mark.parametrize("habits", HABITS, ids=str)
def test_lost_phone(visit: Any, site: LocalTenant, habits: Habits) -> None:
    person = site.add_person(ANN, factors=["otp", "recovery-code"])
    visitor = visit(habits)
    prove_address(visitor, site)
    arrive(visitor, CHALLENGE)
    help_link = visitor.page.get_by_role("link", name="Contact us")
    expect(help_link).to_be_hidden()
    visitor.page.get_by_text("Lost your phone?").click()
    expect(help_link).to_have_attribute("href", "https://www.example.com/help/")
    visitor.check()
    press(visitor, "button", "Use your recovery code")
    see_heading(visitor, "Enter your recovery code")
    type_code(visitor, person.recovery_code, "Recovery code")
    arrive(visitor, "/accounts/mfa/recovery-codes/")


def test_one_account_area(visit: Any, site: LocalTenant, configure: Any) -> None:
    configure(SIGN_INS=True)
    visitor = visit(PHONE)
    prove_address(visitor, site)
    see_signed_in(visitor)
    visitor.open("/accounts/identities/")
    for name, path in [
        ("Second steps", FACTORS),
        ("Devices", "/accounts/sign-ins/"),
        ("Sign-in methods", "/accounts/identities/"),
    ]:
        press(visitor, "link", name)
        arrive(visitor, path)
        current = visitor.page.get_by_role("link", name=name)
        expect(current).to_have_attribute("aria-current", "page")
