"""The example project's page without a framework: every journey by JSON, under a strict policy."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.people.totp import code_of, step_at

from .steps import ANN, BOB, on_the_phone
from .visits import PHONE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "example_project" / "example"
HOWTO = ROOT / "docs" / "howto"
IDENTIFIER = "Email address or phone number"


@pytest.fixture(autouse=True)
def front_end(settings: Any, site: LocalTenant) -> None:
    settings.ROOT_URLCONF = "tests.browser.front_end_urls"
    settings.STATICFILES_DIRS = [EXAMPLE / "static"]
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [EXAMPLE / "templates"]}]
    settings.LOGIN_REDIRECT_URL = "/front-end/"
    settings.PWDLESS = {
        **settings.PWDLESS,
        "METHODS": ["email-code", "email-link", "universal"],
        "CUSTOMIZE_MFA": True,
        "SIGN_INS": True,
        "RESEND_COOLDOWN": 0,
    }


@pytest.fixture
def visitor(visit: Callable[..., Visit]) -> Visit:
    visitor = visit(PHONE)
    visitor.open("/front-end/")
    return visitor


def see(visitor: Visit, step: str) -> None:
    """Wait for a step, and look for what is wrong with it."""
    visitor.page.locator(f"[data-step={step}]").wait_for()
    visitor.check()


def fill(visitor: Visit, label: str, text: str | None, button: str) -> None:
    field = visitor.page.get_by_role("textbox", name=label, exact=True)
    field.fill(text or "")
    form = visitor.page.locator("form", has=field)
    form.get_by_role("button", name=button, exact=True).click()


def press(visitor: Visit, name: str | re.Pattern[str]) -> None:
    visitor.page.get_by_role("button", name=name).click()


def ask(visitor: Visit, address: str = ANN) -> None:
    see(visitor, "identify")
    fill(visitor, IDENTIFIER, address, "Continue")
    see(visitor, "code")


def sign_in(visitor: Visit, site: LocalTenant, address: str = ANN) -> None:
    ask(visitor, address)
    fill(visitor, "Code", site.inbox.latest(address).code, "Continue")


def see_signed_in(visitor: Visit, address: str = ANN) -> None:
    see(visitor, "signed_in")
    expect(visitor.page.get_by_role("heading", name=f"Hello, {address}")).to_be_visible()


def test_code_wrong_first(visitor: Visit, site: LocalTenant) -> None:
    ask(visitor)
    fill(visitor, "Code", "000000", "Continue")
    alert = visitor.page.get_by_role("alert")
    expect(alert).to_be_visible()
    visitor.forgive(400)
    expect(visitor.page.get_by_role("textbox", name="Code")).to_be_focused()
    press(visitor, "Send it again")
    expect(alert).to_have_count(0)
    fill(visitor, "Code", site.inbox.latest(ANN).code, "Continue")
    see_signed_in(visitor)
    press(visitor, "Sign out")
    see(visitor, "identify")


def test_start_again(visitor: Visit) -> None:
    ask(visitor)
    press(visitor, "Start again")
    see(visitor, "identify")


def test_reload_shows_where_one_was(visitor: Visit) -> None:
    ask(visitor)
    visitor.page.reload()
    see(visitor, "code")


def test_link_and_a_code_instead(visitor: Visit, site: LocalTenant) -> None:
    see(visitor, "identify")
    visitor.page.get_by_role("radio", name=re.compile("link", re.IGNORECASE)).check()
    fill(visitor, IDENTIFIER, ANN, "Continue")
    see(visitor, "link")
    tab = visitor.another_tab()
    tab.open(str(site.inbox.latest(ANN).link))
    see_signed_in(tab)
    press(visitor, "I have pressed it")
    see_signed_in(visitor)
    press(visitor, "Sign out")
    see(visitor, "identify")
    visitor.page.get_by_role("radio", name=re.compile("link", re.IGNORECASE)).check()
    fill(visitor, IDENTIFIER, ANN, "Continue")
    see(visitor, "link")
    press(visitor, "Send a code instead")
    see(visitor, "code")


def test_code_of_another_device(
    visitor: Visit, visit: Callable[..., Visit], site: LocalTenant
) -> None:
    ask(visitor)
    other = visit(PHONE)
    other.open("/front-end/")
    see(other, "identify")
    other.page.get_by_text("I have a code already").click()
    other.page.get_by_role("textbox", name="Address of the code").fill(ANN)
    fill(other, "Code", site.inbox.latest(ANN).code, "Sign in")
    see_signed_in(other)


def test_choice_of_a_second_factor(visitor: Visit, site: LocalTenant) -> None:
    site.add_person(ANN, factors=["email", "otp"])
    sign_in(visitor, site)
    see(visitor, "choose_factor")
    press(visitor, re.compile("email", re.IGNORECASE))
    see(visitor, "answer_factor")
    press(visitor, "Another way")
    see(visitor, "choose_factor")
    press(visitor, re.compile("email", re.IGNORECASE))
    see(visitor, "answer_factor")
    fill(visitor, "Code", site.inbox.latest(ANN).code, "Confirm")
    see_signed_in(visitor)


def test_push_is_waited_for(visitor: Visit, site: LocalTenant) -> None:
    site.add_person(ANN, factors=["push-notification"])
    visitor.page.clock.install()
    sign_in(visitor, site)
    see(visitor, "wait_for_push")
    on_the_phone(visitor, site, "Approve")
    visitor.page.clock.fast_forward(6_000)
    see_signed_in(visitor)


def test_enrollment_and_recovery_codes(visitor: Visit, site: LocalTenant) -> None:
    site.add_person(ANN, mfa="enroll")
    sign_in(visitor, site)
    see(visitor, "enroll_factor")
    press(visitor, re.compile("app", re.IGNORECASE))
    see(visitor, "answer_factor")
    expect(visitor.page.get_by_role("img", name="QR code")).to_be_visible()
    secret = visitor.page.locator("#secret").inner_text()
    fill(visitor, "Code", code_of(secret, step_at(time.time())), "Confirm")
    see(visitor, "recovery_codes")
    expect(visitor.page.locator("#recovery-codes li").first).to_be_visible()
    press(visitor, "My codes are saved")
    see_signed_in(visitor)


def test_identities_and_a_fresh_proof(visitor: Visit, site: LocalTenant, settings: Any) -> None:
    sign_in(visitor, site)
    see_signed_in(visitor)
    fill(visitor, IDENTIFIER, BOB, "Add")
    see(visitor, "code")
    fill(visitor, "Code", site.inbox.latest(BOB).code, "Continue")
    see_signed_in(visitor)
    expect(visitor.page.get_by_role("button", name="Remove")).to_have_count(2)
    forget_proofs()
    visitor.page.get_by_role("button", name="Remove").last.click()
    press(visitor, f"To {ANN}")
    visitor.forgive(403)
    see(visitor, "code")
    fill(visitor, "Code", site.inbox.latest(ANN).code, "Continue")
    see_signed_in(visitor)
    visitor.page.get_by_role("button", name="Remove").last.click()
    expect(visitor.page.get_by_role("button", name="Remove")).to_have_count(1)
    press(visitor, "Remove")
    expect(visitor.page.get_by_role("alert")).to_be_visible()
    visitor.forgive(409)


def forget_proofs() -> None:
    """Make what sessions have proven older than the ten minutes that it counts."""
    from django.contrib.sessions.models import Session

    from django_pwdless.session.login_record import LOGIN_KEY

    for row in Session.objects.all():
        session = row.get_session_store_class()(row.session_key)
        if LOGIN_KEY in session:
            session[LOGIN_KEY] = {**session[LOGIN_KEY], "at": time.time() - 601}
            session.save()


def test_sign_ins_are_ended(visitor: Visit, visit: Callable[..., Visit], site: LocalTenant) -> None:
    sign_in(visitor, site)
    see_signed_in(visitor)
    other = visit(PHONE)
    other.open("/front-end/")
    sign_in(other, site)
    see_signed_in(other)
    press(other, "End all others")
    expect(other.page.get_by_role("button", name="End", exact=True)).to_have_count(1)
    visitor.open("/front-end/")
    see(visitor, "identify")
    press(other, re.compile("^End$"))
    see(other, "identify")


def samples(page: str, language: str) -> list[str]:
    text = (HOWTO / f"{page}.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_calls_of_the_guide_sign_somebody_in(visitor: Visit, site: LocalTenant) -> None:
    (sample,) = samples("front-ends", "javascript")
    function, _, calls = sample.partition('await call("GET"')
    asked, _, answered = f'await call("GET"{calls}'.partition('await call("POST", "login/code/"')
    step = visitor.page.evaluate(f"async () => {{ {function} window.call = call; {asked} }}")
    assert step is None
    code = site.inbox.latest(ANN).code
    assert code is not None
    last = f'await call("POST", "login/code/"{answered}'.replace("123456", code)
    state = visitor.page.evaluate(f"async () => {{ return {last} }}")
    assert state["step"] == "signed_in" and state["user"] is not None


@pytest.mark.parametrize("page", ["second-factor", "step-up", "protect-an-api"])
def test_actions_of_the_guides_are_javascript(visitor: Visit, page: str) -> None:
    found = samples(page, "js")
    assert found
    for code in found:
        visitor.page.evaluate(f"() => () => {{ const exports = {{}}, event = {{}}; {code} }}")
