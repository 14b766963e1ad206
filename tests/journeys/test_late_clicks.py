"""Requests that are answered after another one has ended their session: a second click, a tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, SimpleCookie
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from django_pwdless.signals import login_started

from .browser import ANN, BEN, Browser, outcome
from .conftest import Configure
from .hosted import log_in_hosted, press_mailed_link

pytestmark = pytest.mark.django_db

Step = Callable[[Browser], Any]


def late(browser: Browser) -> Browser:
    """The same browser's request that is on its way while an earlier one is answered."""
    other = Browser(browser.tenant)
    other.identifier = browser.identifier
    other.client.cookies = SimpleCookie(browser.client.cookies.output(header="", sep=";"))
    return other


@pytest.fixture(params=["cookies", "session"])
def messages(request: pytest.FixtureRequest, settings: Any) -> None:
    """Wherever messages are kept, they do not make a session that replaces the first one's."""
    storage = {"cookies": "fallback.FallbackStorage", "session": "session.SessionStorage"}
    settings.MESSAGE_STORAGE = f"django.contrib.messages.storage.{storage[request.param]}"


@pytest.mark.usefixtures("messages")
@pytest.mark.parametrize("saves_always", [False, True])
@pytest.mark.parametrize("name", ["verify", "link", "resend"])
def test_late_click_leads_where_the_first_one_led(
    name: str, saves_always: bool, browser: Browser, settings: Any
) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = saves_always
    browser.ask(next="/in/")
    second, code = late(browser), browser.code
    assert outcome(browser.answer(code)) == (302, "/in/")
    answer = second.post(name, code=code)
    assert outcome(answer) == (302, "/in/")
    # No cookie in place of that of the first answer, and none that deletes it.
    assert "sessionid" not in answer.cookies


def test_late_click_on_the_first_factor_leads_to_the_second(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(CUSTOMIZE_MFA=True)
    tenant.add_person(ANN, factors=["otp"])
    browser.ask()
    second, code = late(browser), browser.code
    led = outcome(browser.answer(code))
    assert led == (302, reverse("pwdless:mfa_challenge"))
    answer = second.answer(code)
    assert (outcome(answer), "sessionid" in answer.cookies) == (led, False)


def test_late_click_while_adding_and_while_confirming(signed_in: Browser) -> None:
    signed_in.identifier = BEN
    signed_in.post("identity_add", identifier=BEN, next="/in/")
    second, code = late(signed_in), signed_in.code
    assert outcome(signed_in.answer(code)) == (302, "/in/")
    assert outcome(second.answer(code)) == (302, "/in/")
    signed_in.post("login", reconfirm=Identity.objects.get(email=BEN).pk, next="/on/")
    second, code = late(signed_in), signed_in.code
    assert outcome(signed_in.answer(code)) == (302, "/on/")
    assert outcome(second.answer(code)) == (302, "/on/")


@pytest.mark.parametrize("method", ["email-link", "universal"])
def test_late_click_on_a_link_leaves_the_cookie(
    method: str, browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(METHODS=[method])
    browser.client.get("/")
    if method == "universal":
        path = log_in_hosted(tenant, browser.get("universal")["Location"])
    else:
        browser.ask()
        path = press_mailed_link(tenant)
    second = late(browser)
    assert browser.client.get(path).status_code == 302 and browser.user_id
    answer = second.client.get(path)
    assert outcome(answer) == (400, "state_unknown")
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("name", ["login", "verify", "mfa", "identities"])
def test_page_of_a_session_that_is_gone_leaves_the_cookie(
    name: str, browser: Browser, configure: Configure
) -> None:
    configure(CUSTOMIZE_MFA=True)
    browser.ask()
    second = late(browser)
    browser.answer()
    answer = second.get(name)
    assert answer.status_code in (200, 302)
    assert "sessionid" not in answer.cookies


def test_late_click_of_somebody_who_has_signed_out(browser: Browser) -> None:
    browser.ask(next="/in/")
    second, code = late(browser), browser.code
    browser.answer(code)
    browser.post("logout")
    assert outcome(second.answer(code)) == (302, "/in/")
    assert second.user_id is None


def test_late_click_after_a_while_starts_again(browser: Browser, clock: Any) -> None:
    browser.ask(next="/in/")
    second, code = late(browser), browser.code
    browser.answer(code)
    clock.shift(61)
    assert outcome(second.answer(code)) == (302, reverse("pwdless:login"))


def test_logout_still_deletes_the_cookie(signed_in: Browser) -> None:
    assert signed_in.post("logout").cookies["sessionid"].value == ""


def end_session(*, request: HttpRequest, **kwargs: Any) -> None:
    """Somebody signs out, or in, in another tab while Auth0 is asked to send."""
    key = request.session.session_key
    if key:
        type(request.session)(key).delete()


SENDING: dict[str, Step] = {
    "login": lambda browser: browser.ask(BEN, next="/in/"),
    "resend": lambda browser: browser.post("resend"),
    "identity_add": lambda browser: browser.post("identity_add", identifier=BEN, next="/in/"),
    "reconfirm": lambda browser: browser.post("login", reconfirm=Identity.objects.get().pk),
}


@pytest.fixture
def ended_meanwhile() -> Any:
    login_started.connect(end_session)
    yield
    login_started.disconnect(end_session)


@pytest.mark.usefixtures("messages")
@pytest.mark.parametrize("engine", ["db", "cached_db", "cache", "file"])
@pytest.mark.parametrize("name", SENDING)
def test_session_that_ended_while_auth0_was_asked_to_send(
    name: str, engine: str, browser: Browser, configure: Configure, settings: Any, request: Any
) -> None:
    configure(RESEND_COOLDOWN=0)
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    if name in ("login", "resend"):
        browser.ask()
    else:
        browser.sign_in()
    request.getfixturevalue("ended_meanwhile")
    answer = SENDING[name](browser)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("pwdless:login"))
    assert SESSION_KEY not in browser.client.session
