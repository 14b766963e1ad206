"""A login left half-way: kept, forgotten, or somebody else's (threats 9, 10 and 11)."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.http import SimpleCookie
from django.test import Client
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from django_pwdless.session.pending_login import PENDING_KEY
from django_pwdless.session.stored import seal, unseal
from tests.meanwhile import meanwhile

from .browser import ANN, BEN, START, TOKEN, Browser, outcome, sent, tried
from .conftest import Configure, NewBrowser

pytestmark = pytest.mark.django_db

TO_THE_START = (302, "/accounts/login/")


@pytest.mark.parametrize(("seconds", "is_kept"), [(59, True), (60, False)])
def test_forgotten_after_its_lifetime(
    seconds: int, is_kept: bool, configure: Configure, clock: Any, half_way: Browser
) -> None:
    configure(PENDING_LIFETIME=60)
    half_way.ask(BEN)
    clock.shift(seconds)
    assert half_way.is_asked_for_code is is_kept


@pytest.mark.parametrize("name", ["verify", "resend"])
def test_step_after_its_lifetime(
    name: str, clock: Any, half_way: Browser, tenant: LocalTenant
) -> None:
    code = half_way.code
    clock.shift(900)
    assert outcome(half_way.post(name, code=code)) == TO_THE_START
    assert list(half_way.get("login").context["messages"])
    assert len(tenant.requests) == 1


@pytest.mark.parametrize("version", ["a field more", "a field less", "another kind", "unsealed"])
def test_what_another_version_left_half_way_begins_anew(version: str, half_way: Browser) -> None:
    """docs/howto/upgrade.md says so."""
    session = half_way.client.session
    kept = unseal(session[PENDING_KEY])
    changed = {
        "a field more": {**kept, "new": 1},
        "a field less": {name: value for name, value in kept.items() if name != "connection"},
        "another kind": {**kept, "identifier": [kept["identifier"]]},
    }
    session[PENDING_KEY] = seal(changed[version]) if version in changed else kept
    session.save()
    assert outcome(half_way.answer(half_way.code)) == TO_THE_START
    assert half_way.sign_in(BEN).status_code == 302 and half_way.user_id


def test_what_was_typed_is_kept_after_the_lifetime(clock: Any, browser: Browser) -> None:
    browser.ask(next="/in/")
    clock.shift(900)
    page = browser.client.get(reverse("pwdless:verify"), follow=True)
    assert page.context["form"]["identifier"].value() == ANN
    assert page.context["next"] == "/in/"


def test_lifetime_begins_again_with_each_message(clock: Any, half_way: Browser) -> None:
    clock.shift(800)
    half_way.post("resend")
    clock.shift(800)
    assert half_way.is_asked_for_code


def test_lifetime_does_not_begin_again_with_a_wrong_code(clock: Any, half_way: Browser) -> None:
    clock.shift(800)
    half_way.answer(half_way.wrong_code)
    clock.shift(100)
    assert not half_way.is_asked_for_code


@pytest.mark.parametrize("has_session", [True, False])
@pytest.mark.parametrize("engine", ["db", "cache", "cached_db", "file"])
def test_kept_with_an_answer_of_503(
    engine: str, has_session: bool, browser: Browser, tenant: LocalTenant, settings: Any
) -> None:
    """Django's middleware saves no session with a 5xx: the cookie and what it names are ours."""
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    if has_session:
        browser.ask(BEN)
    tenant.fail(START, "server_error", times=1, after=True)
    response = browser.ask(next="/in/")
    assert response.status_code == 503
    assert response.cookies["sessionid"]["httponly"] is True
    assert response.cookies["sessionid"]["samesite"] == "Lax"
    assert browser.is_asked_for_code
    assert browser.answer()["Location"] == "/in/"


def test_cookie_of_a_503_is_as_the_site_wants_it(
    browser: Browser, tenant: LocalTenant, settings: Any
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = True
    tenant.fail(START, "server_error")
    cookie = browser.ask().cookies["sessionid"]
    assert (cookie["secure"], cookie["max-age"]) == (True, "")


def test_code_typed_in_the_older_of_two_tabs_is_nobodys(
    half_way: Browser, tenant: LocalTenant
) -> None:
    """The session has one pending login: a code typed in the older tab is nobody's."""
    anns = half_way.code
    half_way.ask(BEN)
    assert half_way.answer(anns).status_code == 200
    assert {call.body["username"] for call in tenant.calls(TOKEN)} == {BEN}
    half_way.answer()
    assert get_user_model().objects.get().email == BEN


def test_back_to_the_first_step(half_way: Browser) -> None:
    assert half_way.get("login").status_code == 200
    assert half_way.is_asked_for_code
    assert half_way.answer().status_code == 302 and half_way.user_id


@pytest.mark.parametrize("name", ["login", "verify"])
def test_back_after_signing_in(name: str, signed_in: Browser) -> None:
    page = signed_in.client.get(reverse(f"pwdless:{name}"), follow=True)
    assert page.redirect_chain[-1] == (reverse("home"), 302)
    assert signed_in.user_id


def test_code_sent_again_after_signing_in(half_way: Browser) -> None:
    code = half_way.code
    half_way.answer(code)
    assert outcome(half_way.answer(code)) == TO_THE_START
    assert half_way.user_id


def test_clicks_on_one_code(half_way: Browser, tenant: LocalTenant) -> None:
    clicks = [Browser(tenant) for _ in range(3)]
    for click in clicks:
        click.client.cookies = SimpleCookie(half_way.client.cookies.output(header="", sep=";"))
    code = half_way.code
    answers = [outcome(click.answer(code)) for click in clicks]
    assert answers == [(302, reverse("home"))] * 3
    assert clicks[0].user_id and tried(tenant) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_wrong", [False, True])
def test_session_that_ended_while_auth0_answered(
    is_wrong: bool, half_way: Browser, tenant: LocalTenant
) -> None:
    """Of two clicks on one code, the first signed in, which replaced the session."""
    code = half_way.wrong_code if is_wrong else half_way.code
    answer = meanwhile(
        tenant,
        lambda: half_way.answer(code),
        lambda: half_way.client.session.delete(half_way.session_key),
    )
    assert answer.status_code == 302
    assert tried(tenant) == 1


def test_session_that_ended_while_we_answered(half_way: Browser) -> None:
    """As above, but the first click was slower with its own work."""

    def end_session(**kwargs: Any) -> None:
        half_way.client.session.delete(half_way.session_key)

    user_login_failed.connect(end_session)
    try:
        assert half_way.answer(half_way.wrong_code).status_code == 200
    finally:
        user_login_failed.disconnect(end_session)


def test_nothing_of_one_persons_login_in_anothers(half_way: Browser, tenant: LocalTenant) -> None:
    # threat 9
    half_way.post("login", identifier=ANN, next="/anns-secret/")
    half_way.answer(half_way.wrong_code)
    half_way.ask(BEN)
    page = half_way.get("verify")
    assert page.context["tries_left"] is None
    assert "a•••" not in page.content.decode()
    assert half_way.answer()["Location"] == reverse("home")
    assert Identity.objects.get().email == BEN


def test_refused_login_leaves_nothing(half_way: Browser, tenant: LocalTenant) -> None:
    # threat 9
    tenant.token_fault = "alg_none"
    half_way.answer()
    tenant.token_fault = None
    assert ANN not in str(dict(half_way.client.session.items()))
    assert ANN not in half_way.get("login").content.decode()
    assert outcome(half_way.post("resend")) == TO_THE_START


@pytest.mark.parametrize("end", ["logout", "sign_in"])
def test_pending_login_is_wiped_at_login_and_logout(end: str, signed_in: Browser) -> None:
    signed_in.ask(BEN)
    signed_in.answer() if end == "sign_in" else signed_in.post("logout")
    assert not signed_in.is_asked_for_code
    assert BEN not in str(dict(signed_in.client.session.items()))


@pytest.mark.parametrize("kind", ["login", "confirming", "adding"])
def test_completion_leaves_nothing(kind: str, browser: Browser, configure: Configure) -> None:
    # threat 9
    configure(METHODS=["email-code", "universal"], RESEND_COOLDOWN=0)
    if kind == "login":
        browser.ask()
    else:
        browser.sign_in()
        name = {"confirming": "login", "adding": "identity_add"}[kind]
        fields = {"reconfirm": Identity.objects.get().pk} if kind == "confirming" else {}
        browser.identifier = BEN if kind == "adding" else ANN
        browser.post(name, identifier=BEN, **fields)
    browser.get("universal")
    begun = {"_pwdless_pending", "_pwdless_states"}
    assert browser.client.session.keys() >= begun
    assert browser.answer().status_code == 302 and browser.user_id
    assert browser.client.session.keys().isdisjoint(begun)


def test_session_of_somebody_else(half_way: Browser, new_browser: NewBrowser) -> None:
    # threat 10: a code is good in the browser that asked for it.
    other = new_browser()
    assert outcome(other.answer(half_way.code)) == TO_THE_START
    assert other.user_id is None


@pytest.mark.parametrize("key", ["x", "never-was-a-session-key-of-ours", "a" * 5000, "../../etc"])
def test_session_cookie_of_no_session(key: str, browser: Browser) -> None:
    browser.client.cookies["sessionid"] = key
    assert outcome(browser.get("verify")) == TO_THE_START
    assert browser.sign_in().status_code == 302 and browser.user_id
    assert browser.session_key != key


@pytest.mark.usefixtures("clock")
def test_planted_session_has_nothing_of_the_login(
    browser: Browser, new_browser: NewBrowser
) -> None:
    # threat 11: the stranger who knows the cookie of before has nothing of the login.
    browser.ask()
    stranger = new_browser()
    stranger.client.cookies = SimpleCookie(browser.client.cookies.output(header="", sep=";"))
    browser.answer()
    assert stranger.user_id is None
    assert outcome(stranger.get("verify")) == TO_THE_START


@pytest.mark.parametrize("stored", ["x", 5, ["a"], {"identifier": "x"}, None])
def test_session_of_another_version(stored: Any, browser: Browser) -> None:
    session = browser.client.session
    session["_pwdless_pending"] = stored
    session.save()
    assert outcome(browser.get("verify")) == TO_THE_START
    assert browser.sign_in().status_code == 302 and browser.user_id


def test_session_that_expired(clock: Any, half_way: Browser, settings: Any) -> None:
    settings.SESSION_COOKIE_AGE = 10
    half_way.ask(BEN)
    clock.shift(11)
    assert outcome(half_way.get("verify")) == TO_THE_START


def test_what_the_site_keeps_for_a_visitor_stays(browser: Browser) -> None:
    """An anonymous session goes on after the login, as Django has it."""
    session = browser.client.session
    session["basket"] = ["bread"]
    session.save()
    browser.client.cookies["sessionid"] = str(session.session_key)
    browser.sign_in()
    assert browser.client.session["basket"] == ["bread"]


def test_cookies_that_the_browser_refuses(tenant: LocalTenant) -> None:
    client = Client()
    client.post(reverse("pwdless:login"), {"identifier": ANN})
    client.cookies.clear()
    page = client.post(reverse("pwdless:verify"), {"code": "123456"}, follow=True)
    assert page.redirect_chain == [(reverse("pwdless:login"), 302)]
    assert page.status_code == 200
    assert sent(tenant) == 1
