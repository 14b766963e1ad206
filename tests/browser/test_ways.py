"""Every way in, every second factor, and every habit: each way and each page with each habit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import cycle, product
from typing import Any

import pytest
from playwright.sync_api import expect

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.people.people import Person
from tests.browser.steps import (
    ANN,
    arrive,
    choose,
    fill,
    follow_mailed_link,
    log_in_at_the_tenant,
    on_the_phone,
    press,
    see_heading,
    submit,
    type_app_code,
    type_at_the_tenant,
    type_code,
    type_identifier,
    type_in,
)
from tests.browser.visits import DARK_PHONE, DESK, PHONE, Habits, Visit

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]

NUMBER = "+12025550123"
DEVICE = "Ann’s phone"
SELECT, CHALLENGE = "/accounts/mfa/", "/accounts/mfa/challenge/"
ENROLL, SAVE = "/accounts/mfa/enroll/", "/accounts/mfa/recovery-codes/"
PUSH = {"factor": "push-notification", "target": DEVICE}

HABITS = [
    Habits("keyboard", PHONE),
    Habits("no-script", DARK_PHONE, has_script=False),
    Habits("right-to-left", DESK, has_mouse=True, language="ur"),
    Habits("looks-back", DARK_PHONE, looks_back=True),
]


@dataclass
class Journey:
    """One person on the way in."""

    visit: Callable[..., Visit]
    visitor: Visit
    site: LocalTenant
    person: Person
    let_pass: Callable[[float], None]

    @property
    def code(self) -> str:
        """The newest code, wherever it went."""
        code = self.site.inbox.latest().code
        assert code
        return code

    @property
    def link(self) -> str:
        """The newest link."""
        link = self.site.inbox.latest().link
        assert link
        return link


# Ways in: each proves the first factor.


def by_email_code(journey: Journey) -> None:
    journey.visitor.open("/private/")
    arrive(journey.visitor, "/accounts/login/")
    type_identifier(journey.visitor)
    arrive(journey.visitor, "/accounts/verify/")
    type_code(journey.visitor, journey.code)


def by_sms_code(journey: Journey) -> None:
    journey.visitor.open("/private/")
    arrive(journey.visitor, "/accounts/login/")
    type_identifier(journey.visitor, NUMBER, "Phone number")
    arrive(journey.visitor, "/accounts/verify/")
    type_code(journey.visitor, journey.code)


def by_email_link(journey: Journey) -> None:
    journey.visitor.open("/private/")
    arrive(journey.visitor, "/accounts/login/")
    type_identifier(journey.visitor)
    arrive(journey.visitor, "/accounts/sent/")
    follow_mailed_link(journey.visitor, journey.site)


def by_any_device_link(journey: Journey) -> None:
    """Open the link in the browser that asked, where the page takes the code from it."""
    visitor = journey.visitor
    visitor.open("/private/")
    arrive(visitor, "/accounts/login/")
    type_identifier(visitor)
    arrive(visitor, "/accounts/verify/")
    visitor.open(journey.link)
    arrive(visitor, "/accounts/link/")
    assert visitor.page.url.endswith("/accounts/link/") or not visitor.habits.has_script
    if visitor.page.get_by_role("textbox", name="Code").input_value():
        press(visitor, "button", "Sign in")
    else:
        type_code(visitor, journey.code)


def by_link_elsewhere(journey: Journey) -> None:
    """Open the link on a device that did not ask for it."""
    asking = journey.visit()
    asking.open("/private/")
    type_identifier(asking)
    asking.page.wait_for_url("**/accounts/verify/")
    visitor = journey.visitor
    visitor.open(journey.link)
    arrive(visitor, "/accounts/link/")
    type_in(visitor, "Email address", ANN)
    code = visitor.page.get_by_role("textbox", name="Code")
    if not code.input_value():
        visitor.page.keyboard.press("Tab")
        visitor.page.keyboard.type(journey.code)
    submit(visitor)


WAYS = {
    "email-code": by_email_code,
    "sms-code": by_sms_code,
    "email-link": by_email_link,
    "any-device-link": by_any_device_link,
    "link-elsewhere": by_link_elsewhere,
}
METHODS = {"sms-code": ["sms-code"], "email-link": ["email-link"]}


# Second factors: each ends at the site's own page.


def begin(journey: Journey, choice: str) -> None:
    """Choose one, and arrive where it is answered."""
    arrive(journey.visitor, SELECT)
    press(journey.visitor, "button", choice)
    arrive(journey.visitor, CHALLENGE)


def by_app(journey: Journey) -> None:
    begin(journey, "Authenticator app")
    type_code(journey.visitor, journey.site.totp(journey.person))


def by_message(choice: str) -> Callable[[Journey], None]:
    def answer(journey: Journey) -> None:
        begin(journey, choice)
        type_code(journey.visitor, journey.code)

    return answer


def by_recovery_code(journey: Journey) -> None:
    begin(journey, "Recovery code")
    used = journey.person.recovery_code
    type_code(journey.visitor, f"{used[:8].lower()} {used[8:16]}-{used[16:]}", "Recovery code")
    save_recovery_codes(journey)
    assert journey.person.recovery_code != used


def by_push(journey: Journey) -> None:
    begin(journey, "Notification on your phone")
    on_the_phone(journey.visitor, journey.site, "Approve")
    go_on(journey, "Check again")


def after_a_denied_push(journey: Journey) -> None:
    begin(journey, "Notification on your phone")
    on_the_phone(journey.visitor, journey.site, "Deny")
    go_on(journey, "Check again")
    expect(
        journey.visitor.page.get_by_text("The request was denied on your phone.")
    ).to_be_visible()
    by_app(journey)


def after_an_expired_push(journey: Journey) -> None:
    begin(journey, "Notification on your phone")
    go_on(journey, "Check again", seconds=601)
    visitor = journey.visitor
    visitor.page.wait_for_url("**/accounts/login/**")
    expect(visitor.page.get_by_text("We could not continue. Start again.")).to_be_visible()
    assert visitor.page.get_by_role("textbox").input_value() in (ANN, NUMBER, "")
    visitor.check()


def go_on(journey: Journey, button: str, seconds: float = 6) -> None:
    """Let the waiting page ask, or ask by its button where it cannot: too early, and in time."""
    visitor = journey.visitor
    if not visitor.habits.has_script:
        press(visitor, "button", button)
        expect(visitor.page.get_by_text("No answer yet. Check your phone.").first).to_be_visible()
    journey.let_pass(seconds)
    if not visitor.habits.has_script:
        press(visitor, "button", button)


def save_recovery_codes(journey: Journey) -> None:
    arrive(journey.visitor, SAVE)
    codes = journey.visitor.page.get_by_role("listitem")
    expect(codes).to_have_text(journey.person.recovery_code)
    press(journey.visitor, "button", "My code is saved")


def enroll(journey: Journey, factor: str, channel: str = "") -> None:
    arrive(journey.visitor, ENROLL)
    choose(journey.visitor, factor)
    if channel:
        choose(journey.visitor, channel)
        fill(journey.visitor, "Phone number", NUMBER)
    press(journey.visitor, "button", "Continue")
    arrive(journey.visitor, CHALLENGE)


def by_enrolling_an_app(journey: Journey) -> None:
    enroll(journey, "Authenticator app")
    type_app_code(journey.visitor)
    save_recovery_codes(journey)


def by_enrolling_a_phone(channel: str) -> Callable[[Journey], None]:
    def answer(journey: Journey) -> None:
        enroll(journey, "Text message or phone call", channel)
        type_code(journey.visitor, journey.code)
        save_recovery_codes(journey)

    return answer


def by_enrolling_a_push(journey: Journey) -> None:
    enroll(journey, "Notification on your phone")
    on_the_phone(journey.visitor, journey.site, "Scan")
    go_on(journey, "Check again")
    save_recovery_codes(journey)


SECOND_FACTORS: dict[str, Callable[[Journey], None]] = {
    "nothing-more": lambda journey: None,
    "otp": by_app,
    "sms": by_message("Text message"),
    "voice": by_message("Phone call"),
    "email": by_message("Email"),
    "recovery-code": by_recovery_code,
    "push": by_push,
    "push-denied": after_a_denied_push,
    "push-expired": after_an_expired_push,
    "enroll-otp": by_enrolling_an_app,
    "enroll-sms": by_enrolling_a_phone("Text message"),
    "enroll-voice": by_enrolling_a_phone("Phone call"),
    "enroll-push": by_enrolling_a_push,
}


def person_for(site: LocalTenant, factor: str) -> Person:
    """Somebody with an address and a number, and what the journey needs."""
    more: dict[str, Any] = {"factors": ["otp", "sms", "voice", "email", "recovery-code", PUSH]}
    if factor == "nothing-more":
        more = {}
    elif factor.startswith("enroll-"):
        more = {"mfa": "enroll"}
    return site.add_person(ANN, phone_number=NUMBER, **more)


# The habits that a factor meets in each run, where not all. Others have its pages too: a code is
# typed into the same form wherever it comes from, and a push ends in one way for all who have a
# script. By the keyboard alone most ways and factors are gone in the modules named after them.
NOT_BY_KEYBOARD = ["no-script", "right-to-left", "looks-back"]
MEETS = {
    "nothing-more": ["right-to-left", "looks-back"],
    "otp": ["right-to-left"],
    "sms": ["no-script"],
    "voice": ["looks-back"],
    "email": ["keyboard"],
    "recovery-code": NOT_BY_KEYBOARD,
    "push": NOT_BY_KEYBOARD,
    "push-denied": ["no-script", "right-to-left", "keyboard"],
    "push-expired": ["no-script", "keyboard"],
    "enroll-otp": NOT_BY_KEYBOARD,
    "enroll-sms": ["no-script", "looks-back"],
    "enroll-voice": ["right-to-left", "keyboard"],
}


def is_thorough(pair: tuple[str, Habits]) -> bool:
    factor, habits = pair
    return habits.name not in MEETS.get(factor, [habits.name])


def rows() -> list[Any]:
    """Every factor with every habit, those of a habit by each way in turn."""
    ways = {habits: cycle(WAYS) for habits in HABITS}
    return [
        pytest.param(
            *(way, factor, habits),
            id=f"{way}-{factor}-{habits}",
            marks=[pytest.mark.thorough] * is_thorough((factor, habits)),
        )
        for factor, habits in sorted(product(SECOND_FACTORS, HABITS), key=is_thorough)
        for way in [next(ways[habits])]
    ]


def test_each_way_and_factor_is_in_each_run():
    usual = [row.values for row in rows() if not row.marks]
    assert {(way, habits) for way, _, habits in usual} == set(product(WAYS, HABITS))
    assert {factor for _, factor, _ in usual} == set(SECOND_FACTORS)


def see_signed_in_and_sign_out(visitor: Visit) -> None:
    expect(visitor.page.get_by_text(f"Signed in: {ANN}")).to_be_visible()
    press(visitor, "button", "Sign out")
    arrive(visitor, "/accounts/logged-out/")
    see_heading(visitor, "You’re signed out")


@pytest.mark.parametrize(("way", "factor", "habits"), rows())
def test_way_in(visit, site, configure, settings, live_server, time_machine, way, factor, habits):
    settings.LANGUAGE_CODE = habits.language
    configure(CUSTOMIZE_MFA=True, METHODS=METHODS.get(way, ["email-code"]))
    if way in ("any-device-link", "link-elsewhere"):
        site.switches.mail_link = live_server.url + "/accounts/link/#code={{ code }}"
    visitor = visit(habits)
    if "push" in factor:
        visitor.page.clock.install()

    def let_pass(seconds: float) -> None:
        now = datetime.now(timezone.utc)
        time_machine.move_to(now + timedelta(seconds=seconds), tick=True)
        visitor.page.clock.fast_forward(int(seconds * 1000))

    journey = Journey(visit, visitor, site, person_for(site, factor), let_pass)
    WAYS[way](journey)
    SECOND_FACTORS[factor](journey)
    if factor != "push-expired":
        see_signed_in_and_sign_out(visitor)
    purposes = [message.purpose for message in site.inbox.messages()]
    assert purposes.count("login") == 1 and purposes.count("mfa") <= 1


@pytest.mark.parametrize("habits", HABITS, ids=str)
def test_universal_login_with_a_second_factor_there(visit, site, configure, settings, habits):
    settings.LANGUAGE_CODE = habits.language
    configure(METHODS=["email-code", "universal"])
    site.add_person(ANN, factors=["sms"])
    visitor = visit(habits)
    visitor.open("/private/")
    arrive(visitor, "/accounts/login/")
    press(visitor, "link", "Use another sign-in method")
    log_in_at_the_tenant(visitor, site)
    visitor.page.get_by_role("textbox", name="Second code").wait_for()
    type_at_the_tenant(visitor, "Second code", site.inbox.latest().code)
    see_signed_in_and_sign_out(visitor)
