"""Second factors on the site's own pages: choose one, answer it, run out of time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import expect

from tests.browser.pictures import picture
from tests.browser.steps import (
    ANN,
    arrive,
    on_the_phone,
    press,
    prove_address,
    see_heading,
    see_signed_in,
    type_code,
    wrong,
)
from tests.browser.visits import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]

ALL = ["push-notification", "otp", "sms", "voice", "email", "recovery-code"]
SELECT, CHALLENGE = "/accounts/mfa/", "/accounts/mfa/challenge/"
DEVICE = "Ann’s phone"


@pytest.fixture(autouse=True)
def customize_mfa(configure):
    configure(CUSTOMIZE_MFA=True, RESEND_COOLDOWN=0)


@pytest.fixture
def person(site, request):
    """Somebody with the factors the test asks for, else with all."""
    return site.add_person(
        ANN,
        phone_number="+12025550123",
        factors=[
            {"factor": name, "target": DEVICE} if name == "push-notification" else name
            for name in getattr(request, "param", ALL)
        ],
    )


def test_choose_and_use_an_authenticator_app(visit, site, person):
    visitor = visit(PHONE)
    prove_address(visitor, site)
    arrive(visitor, SELECT)
    expect(visitor.page.get_by_text("Time left: ")).to_be_visible()
    picture(visitor, "mfa-choice")
    press(visitor, "button", "Authenticator app")
    arrive(visitor, CHALLENGE)
    code = site.totp(person)
    type_code(visitor, wrong(code))
    expect(visitor.page).to_have_title("Error: Confirm it’s you")
    expect(visitor.page.locator("#id_code_error")).to_contain_text("9 tries left.")
    visitor.check()
    type_code(visitor, f"{code[:3]}-{code[3:]}")
    see_signed_in(visitor)
    visitor.check()


@pytest.mark.parametrize(
    ("choice", "words", "again"),
    [
        ("Text message ••• 0123", "Enter the code from the text message", "Send a new code"),
        ("Phone call ••• 0123", "We’re calling ••• 0123.", "Call again"),
        ("Email •••@exam•••", "Enter the code from the email", "Send a new code"),
    ],
)
@pytest.mark.usefixtures("person")
def test_code_that_was_sent(visit, site, choice, words, again):
    visitor = visit(PHONE)
    prove_address(visitor, site)
    arrive(visitor, SELECT)
    press(visitor, "button", choice)
    arrive(visitor, CHALLENGE)
    expect(visitor.page.get_by_text(words)).to_be_visible()
    press(visitor, "button", again)
    expect(
        visitor.page.get_by_text("Look out for a new message. Only the newest one works.")
    ).to_be_visible()
    visitor.check()
    type_code(visitor, site.inbox.latest().code)
    see_signed_in(visitor)


@pytest.mark.usefixtures("person")
def test_another_way_at_any_time(visit, site):
    visitor = visit(PHONE)
    prove_address(visitor, site)
    arrive(visitor, SELECT)
    press(visitor, "button", "Notification on your phone")
    arrive(visitor, CHALLENGE)
    press(visitor, "link", "Choose another way")
    arrive(visitor, SELECT)
    press(visitor, "button", "Text message")
    arrive(visitor, CHALLENGE)
    press(visitor, "link", "Choose another way")
    arrive(visitor, SELECT)
    press(visitor, "link", "Start again")
    arrive(visitor, "/accounts/login/")


@pytest.mark.parametrize("person", [["sms"]], indirect=True)
@pytest.mark.usefixtures("person")
def test_one_factor_is_asked_for_at_once_and_without_the_script(visit, site):
    visitor = visit(PHONE, java_script_enabled=False)
    prove_address(visitor, site)
    visitor.page.wait_for_url(f"**{CHALLENGE}")
    type_code(visitor, site.inbox.latest().code)
    see_signed_in(visitor)
    assert visitor.complaints == []


def test_two_second_factors_one_after_the_other(visit, site, person):
    person.mfa_steps = 2
    visitor = visit(PHONE)
    prove_address(visitor, site)
    arrive(visitor, SELECT)
    press(visitor, "button", "Authenticator app")
    arrive(visitor, CHALLENGE)
    type_code(visitor, site.totp(person))
    arrive(visitor, SELECT)
    press(visitor, "button", "Text message")
    arrive(visitor, CHALLENGE)
    type_code(visitor, site.inbox.latest().code)
    see_signed_in(visitor)


@pytest.mark.usefixtures("person")
def test_list_that_could_not_be_read_is_read_again(visit, site):
    visitor = visit(PHONE)
    site.fail("/mfa/authenticators", "server_error", times=1)
    prove_address(visitor, site)
    see_heading(visitor, "Sign-in is not working")
    visitor.forgive(503)
    press(visitor, "link", "Try again")
    arrive(visitor, SELECT)
    press(visitor, "button", "Try again")
    expect(visitor.page.get_by_role("button", name="Authenticator app")).to_be_visible()
    visitor.check()


# Push


@pytest.mark.usefixtures("person")
def test_push_is_approved(visit, site):
    visitor = visit(PHONE)
    visitor.page.clock.install()
    prove_address(visitor, site)
    arrive(visitor, SELECT)
    press(visitor, "button", "Notification on your phone")
    arrive(visitor, CHALLENGE)
    expect(visitor.page.get_by_text(f"Open the notification on {DEVICE}.")).to_be_visible()
    expect(visitor.page.get_by_role("status")).to_have_text("Waiting for your phone…")
    picture(visitor, "mfa-push")
    on_the_phone(visitor, site, "Approve")
    visitor.page.clock.fast_forward(6_000)
    see_signed_in(visitor)
    visitor.check()


# Recovery codes


def test_recovery_code_is_replaced_by_a_new_one(visit, site, person):
    visitor = visit(PHONE)
    page = visitor.page
    prove_address(visitor, site)
    press(visitor, "button", "Recovery code")
    arrive(visitor, CHALLENGE)
    type_code(visitor, "no!", "Recovery code")
    expect(page).to_have_title("Error: Enter your recovery code")
    visitor.check()
    used = person.recovery_code
    typed = " ".join([used[:8].lower(), used[8:16], used[16:]])
    type_code(visitor, typed, "Recovery code")
    arrive(visitor, "/accounts/mfa/recovery-codes/")
    see_heading(visitor, "Save your recovery code")
    expect(page.get_by_role("listitem")).to_have_text(person.recovery_code)
    assert person.recovery_code != used

    visitor.open("/accounts/identities/")
    visitor.check()
    press(visitor, "link", "Show recovery codes")
    arrive(visitor, "/accounts/mfa/recovery-codes/")
    visitor.open("/accounts/mfa/recovery-codes/?next=/private/")
    press(visitor, "button", "My code is saved")
    see_signed_in(visitor)
    visitor.open("/accounts/identities/")
    expect(page.get_by_role("link", name="Show recovery codes")).to_have_count(0)


# Out of time


@pytest.fixture
def let_time_pass(time_machine):
    """Let ten minutes pass for the site, and for the tenant."""

    def pass_time() -> None:
        time_machine.move_to(datetime.now(timezone.utc) + timedelta(minutes=10), tick=True)

    return pass_time


def see_start(visitor) -> None:
    arrive(visitor, "/accounts/login/")
    assert visitor.page.url.endswith("?next=/private/")
    expect(visitor.page.get_by_text("We could not continue. Start again.")).to_be_visible()
    expect(visitor.page.get_by_role("textbox")).to_have_value(ANN)


def test_code_after_the_time_is_over(visit, site, person, let_time_pass):
    visitor = visit(PHONE)
    prove_address(visitor, site)
    press(visitor, "button", "Authenticator app")
    arrive(visitor, CHALLENGE)
    let_time_pass()
    type_code(visitor, site.totp(person))
    see_start(visitor)
