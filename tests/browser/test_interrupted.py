"""Ways in that do not go straight on: back again, two tabs at once, a session that is gone."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.browser.steps import (
    ANN,
    BOB,
    arrive,
    choose,
    press,
    prove_address,
    see_heading,
    see_signed_in,
    sign_in,
    type_app_code,
    type_code,
    type_identifier,
)
from tests.browser.visits import PHONE, Habits

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]

OVER = "We could not continue. Start again."
CHALLENGE = "/accounts/mfa/challenge/"
PUSH = "Notification on your phone"


# A session that is gone


def ask_for_code(visitor, site):
    visitor.open("/private/")
    type_identifier(visitor)
    arrive(visitor, "/accounts/verify/")


def ask_for_link(visitor, site):
    visitor.open("/private/")
    type_identifier(visitor)
    arrive(visitor, "/accounts/sent/")


def be_asked_to_choose(visitor, site):
    prove_address(visitor, site)
    arrive(visitor, "/accounts/mfa/")


def be_challenged(choice):
    def reach(visitor, site):
        be_asked_to_choose(visitor, site)
        press(visitor, "button", choice)
        arrive(visitor, CHALLENGE)

    return reach


def press_button(name):
    return lambda visitor: press(visitor, "button", name)


# How far somebody is when the session ends, and what they do next.
STEPS = {
    "code": (ask_for_code, lambda visitor: type_code(visitor, "123456")),
    "new-code": (ask_for_code, press_button("Send a new code")),
    "new-link": (ask_for_link, press_button("Send a new link")),
    "choice": (be_asked_to_choose, press_button("Authenticator app")),
    "second-code": (be_challenged("Authenticator app"), lambda v: type_code(v, "123456")),
    "push": (be_challenged(PUSH), press_button("Check again")),
    "waiting": (be_challenged(PUSH), lambda visitor: visitor.page.clock.fast_forward(6_000)),
}


@pytest.mark.parametrize("step", STEPS)
def test_session_that_is_gone_leads_to_the_start(visit, site, configure, step):
    configure(CUSTOMIZE_MFA=True, METHODS=["email-link" if step == "new-link" else "email-code"])
    site.add_person(ANN, factors=["otp", "push-notification"])
    reach, go_on = STEPS[step]
    visitor = visit(PHONE)
    visitor.page.clock.install()
    reach(visitor, site)
    Session.objects.all().delete()
    go_on(visitor)
    arrive(visitor, "/accounts/login/")
    expect(visitor.page.get_by_text(OVER)).to_be_visible()


def test_session_that_is_gone_while_setting_up(visit, site, configure):
    configure(CUSTOMIZE_MFA=True, RESEND_COOLDOWN=0)
    site.add_person(ANN, mfa="enroll")
    visitor = visit(PHONE)
    prove_address(visitor, site)
    arrive(visitor, "/accounts/mfa/enroll/")
    Session.objects.all().delete()
    press(visitor, "button", "Continue")
    arrive(visitor, "/accounts/login/")
    expect(visitor.page.get_by_text(OVER)).to_be_visible()

    prove_address(visitor, site)
    choose(visitor, "Authenticator app")
    press(visitor, "button", "Continue")
    arrive(visitor, CHALLENGE)
    type_app_code(visitor)
    arrive(visitor, "/accounts/mfa/recovery-codes/")
    Session.objects.all().delete()
    press(visitor, "button", "My code is saved")
    arrive(visitor, "/accounts/login/")
    see_heading(visitor, "Sign in")


def test_session_that_is_gone_while_removing(visit, site):
    visitor = visit(PHONE)
    sign_in(visitor, site)
    visitor.open("/accounts/identities/add/")
    Session.objects.all().delete()
    type_identifier(visitor, BOB)
    arrive(visitor, "/accounts/login/")
    assert visitor.page.url.endswith("?next=/accounts/identities/")


# Back again


def test_back_after_signing_in_says_that_one_is_signed_in(visit, site):
    visitor = visit(Habits("back", PHONE))
    page = visitor.page
    sign_in(visitor, site)
    page.go_back()
    page.wait_for_url(f"{visitor.origin}/")
    expect(page.get_by_text(OVER)).to_have_count(0)
    expect(page.get_by_text("You’re already signed in.")).to_be_visible()
    expect(page.get_by_text(f"Signed in: {ANN}")).to_be_visible()


def test_back_after_signing_out_shows_nothing_of_before(visit, site):
    visitor = visit(PHONE)
    page = visitor.page
    sign_in(visitor, site)
    visitor.open("/accounts/identities/")
    expect(page.get_by_text(ANN)).to_be_visible()
    visitor.open("/private/")
    press(visitor, "button", "Sign out")
    see_heading(visitor, "You’re signed out")
    for _ in range(2):
        page.go_back()
        arrive(visitor, "/accounts/login/")
        expect(page.get_by_text(ANN)).to_have_count(0)


# Two tabs at once


def test_second_tab_takes_the_login_over(visit, site):
    visitor = visit(PHONE)
    visitor.open("/private/")
    type_identifier(visitor)
    arrive(visitor, "/accounts/verify/")
    other = visitor.another_tab()
    other.open("/private/")
    expect(other.page.get_by_role("textbox")).to_be_focused()
    other.page.keyboard.press("ControlOrMeta+A")
    type_identifier(other, BOB)
    arrive(other, "/accounts/verify/")

    type_code(visitor, site.inbox.latest(ANN).code)
    expect(visitor.page.get_by_text("bob@example.com")).to_be_visible()
    expect(visitor.page.get_by_text("That code is not right.")).to_be_visible()
    visitor.check()
    type_code(visitor, site.inbox.latest(BOB).code)
    see_signed_in(visitor, BOB)
    other.page.reload()
    expect(other.page.get_by_text("You’re already signed in.")).to_be_visible()


def test_waiting_tab_goes_on_when_another_one_has_signed_in(visit, site, configure):
    configure(CUSTOMIZE_MFA=True)
    person = site.add_person(ANN, factors=["otp", "push-notification"])
    visitor = visit(PHONE)
    visitor.page.clock.install()
    be_challenged(PUSH)(visitor, site)
    other = visitor.another_tab()
    other.open("/accounts/mfa/")
    press(other, "button", "Authenticator app")
    arrive(other, CHALLENGE)
    type_code(other, site.totp(person))
    see_signed_in(other)
    visitor.page.clock.fast_forward(6_000)
    visitor.page.wait_for_url(f"{visitor.origin}/")
    expect(visitor.page.get_by_text("You’re already signed in.")).to_be_visible()
