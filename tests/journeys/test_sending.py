"""Messages: one for each wish, and never two for one (threats 25, 33)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.http import SimpleCookie
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from tests.meanwhile import at_once

from .browser import ANN, BEN, START, Browser, outcome, sent
from .conftest import Configure, NewBrowser

pytestmark = pytest.mark.django_db

TO_THE_CODE = (302, "/accounts/verify/")


def test_same_address_twice(half_way: Browser, tenant: LocalTenant) -> None:
    assert outcome(half_way.ask()) == TO_THE_CODE
    assert sent(tenant) == 1
    assert half_way.answer().status_code == 302 and half_way.user_id


def test_same_address_after_the_cooldown(
    clock: Any, half_way: Browser, tenant: LocalTenant
) -> None:
    clock.shift(30)
    assert outcome(half_way.ask()) == TO_THE_CODE
    assert sent(tenant) == 2
    assert half_way.answer().status_code == 302 and half_way.user_id


def test_another_address_at_once(half_way: Browser, tenant: LocalTenant) -> None:
    assert outcome(half_way.ask(BEN)) == TO_THE_CODE
    assert sent(tenant) == 2
    half_way.answer()
    assert half_way.user_id


def test_there_and_back_again(half_way: Browser) -> None:
    for address in (BEN, ANN, BEN, ANN):
        assert outcome(half_way.ask(address)) == TO_THE_CODE
    assert half_way.answer().status_code == 302 and half_way.user_id


def test_resend_sends_another_message_after_the_cooldown(
    clock: Any, half_way: Browser, tenant: LocalTenant
) -> None:
    clock.shift(30)
    assert outcome(half_way.post("resend")) == TO_THE_CODE
    assert sent(tenant) == 2
    messages = [str(message) for message in half_way.get("verify").context["messages"]]
    assert messages == ["Look out for a new message. Only the newest one works."]
    assert half_way.answer().status_code == 302 and half_way.user_id


@pytest.mark.parametrize(("seconds", "wait"), [(0, 30), (1, 29), (29, 1)])
def test_resend_within_the_cooldown(
    seconds: int, wait: int, clock: Any, half_way: Browser, tenant: LocalTenant
) -> None:
    clock.shift(seconds)
    assert outcome(half_way.post("resend")) == TO_THE_CODE
    page = half_way.get("verify")
    (message,) = page.context["messages"]
    assert str(message) == f"You can ask again in 0:{wait:02}."
    assert page.context["resend_wait"] == wait
    assert sent(tenant) == 1
    assert half_way.answer().status_code == 302 and half_way.user_id


@pytest.mark.parametrize("fraction", [0.2, 0.5, 0.9])
def test_resend_as_soon_as_the_page_says(
    fraction: float, clock: Any, browser: Browser, tenant: LocalTenant
) -> None:
    clock.shift(fraction)
    browser.ask()
    while wait := browser.get("verify").context["resend_wait"]:
        clock.shift(wait)
    assert outcome(browser.post("resend")) == TO_THE_CODE
    assert sent(tenant) == 2


def test_each_resend_begins_the_cooldown_again(
    clock: Any, half_way: Browser, tenant: LocalTenant
) -> None:
    for _ in range(3):
        clock.shift(31)
        assert outcome(half_way.post("resend")) == TO_THE_CODE
        assert outcome(half_way.post("resend")) == TO_THE_CODE
    assert sent(tenant) == 4


def test_new_code_has_all_its_tries(clock: Any, half_way: Browser) -> None:
    for _ in range(3):
        half_way.answer(half_way.wrong_code)
    clock.shift(31)
    half_way.post("resend")
    assert half_way.get("verify").context["tries_left"] is None
    assert half_way.answer().status_code == 302 and half_way.user_id


@pytest.mark.parametrize("cooldown", [0, 5, 0.5])
def test_cooldown_of_the_settings(
    cooldown: float, configure: Configure, clock: Any, browser: Browser, tenant: LocalTenant
) -> None:
    configure(RESEND_COOLDOWN=cooldown)
    browser.ask()
    clock.shift(cooldown + 1)
    assert outcome(browser.post("resend")) == TO_THE_CODE
    assert sent(tenant) == 2


def test_cooldown_of_nothing(configure: Configure, browser: Browser, tenant: LocalTenant) -> None:
    configure(RESEND_COOLDOWN=0)
    browser.ask()
    browser.ask()
    browser.post("resend")
    assert sent(tenant) == 3
    assert browser.answer().status_code == 302 and browser.user_id


def test_cooldown_is_not_another_browsers(
    half_way: Browser, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    assert outcome(new_browser().ask()) == TO_THE_CODE
    assert sent(tenant) == 2


@pytest.mark.parametrize("step", ["login", "resend"])
def test_send_that_failed_may_be_tried_at_once(
    step: str, clock: Any, half_way: Browser, tenant: LocalTenant
) -> None:
    clock.shift(31)
    tenant.fail(START, "server_error", times=1)
    assert half_way.post(step, identifier=ANN).status_code == 503
    assert half_way.post(step, identifier=ANN).status_code == 302
    assert sent(tenant) == 3


@pytest.mark.parametrize("name", ["login", "verify", "link", "logged_out"])
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_sends_nothing_and_changes_nothing(
    name: str, method: str, half_way: Browser, tenant: LocalTenant
) -> None:
    # threat 25
    code, before = half_way.code, dict(half_way.client.session.items())
    query = {"identifier": BEN, "code": code, "next": "/in/", "method": "email-code"}
    response = getattr(half_way.client, method)(reverse(f"pwdless:{name}"), query)
    assert response.status_code == 200
    assert dict(half_way.client.session.items()) == before
    assert len(tenant.requests) == 1
    assert half_way.user_id is None


@pytest.mark.parametrize("name", ["resend", "logout"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_where_only_a_button_leads(
    name: str, method: str, half_way: Browser, tenant: LocalTenant
) -> None:
    response = getattr(half_way.client, method)(reverse(f"pwdless:{name}"))
    assert response.status_code == 405
    assert sent(tenant) == 1 and half_way.is_asked_for_code


@pytest.fixture
def sessions_in_cache(settings: Any) -> None:
    """Threads do not queue for one SQLite file."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


def twin(browser: Browser) -> Browser:
    """The same browser a moment later: a second click before the first was answered."""
    other = Browser(browser.tenant)
    other.client.cookies = SimpleCookie(browser.client.cookies.output(header="", sep=";"))
    other.identifier = browser.identifier
    return other


@pytest.mark.usefixtures("sessions_in_cache")
@pytest.mark.parametrize("has_session", [True, False])
def test_clicks_at_once_send_one_message(
    has_session: bool, browser: Browser, tenant: LocalTenant
) -> None:
    browser.get("login")
    if has_session:
        browser.ask(BEN)
    tenant.switches.latency = 0.05
    clicks = [twin(browser) for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda click: outcome(click.ask()), clicks))
    assert answers == [TO_THE_CODE] * 5
    assert [call.body["email"] for call in tenant.calls(START)].count(ANN) == 1
    # Whichever answer the browser took last, the code is good in it.
    assert clicks[-1].answer().status_code == 302 and clicks[-1].user_id


@pytest.mark.usefixtures("sessions_in_cache")
def test_clicks_at_once_on_resend_send_one_message(
    configure: Configure, clock: Any, half_way: Browser, tenant: LocalTenant
) -> None:
    clock.shift(31)
    tenant.switches.latency = 0.05
    clicks = [twin(half_way) for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda click: click.post("resend").status_code, clicks))
    assert answers == [302] * 5
    assert sent(tenant) == 2


@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_with_sessions_in_the_database(
    browser: Browser, tenant: LocalTenant
) -> None:
    browser.get("login")
    tenant.switches.latency = 0.05
    answers = at_once(*[twin(browser).ask for _ in range(5)])
    assert list(map(outcome, answers)) == [TO_THE_CODE] * 5
    assert sent(tenant) == 1


# What a site adds to each start


def auth_params(request: Any, method: str) -> dict[str, str]:
    """A site's own: what its mail templates show, and what it cannot replace."""
    ours = dict.fromkeys(("redirect_uri", "response_type", "state", "nonce", "scope"), "theirs")
    return {**ours, "method": method, "language": request.headers.get("x-language", "")}


@pytest.fixture
def with_params(configure: Configure) -> None:
    configure(AUTH_PARAMS=f"{__name__}.auth_params", METHODS=["email-code", "email-link"])


def params_of(tenant: LocalTenant, number: int) -> dict[str, Any]:
    params: dict[str, Any] = tenant.calls(START)[number].body["authParams"]
    return params


@pytest.mark.parametrize("method", ["email-code", "email-link"])
def test_site_adds_to_each_start(
    method: str, with_params: None, new_browser: NewBrowser, tenant: LocalTenant, clock: Any
) -> None:
    browser = new_browser(headers={"x-language": "tlh"})
    browser.ask(method=method)
    clock.shift(31)
    browser.post("resend")
    for number in (0, 1):
        params = params_of(tenant, number)
        assert (params["method"], params["language"]) == (method, "tlh")


def test_what_leads_a_link_back_is_not_replaced(
    with_params: None, browser: Browser, tenant: LocalTenant
) -> None:
    browser.ask(method="email-link")
    params = params_of(tenant, 0)
    ours = ("redirect_uri", "response_type", "state", "nonce", "scope")
    assert "theirs" not in [params[name] for name in ours]


def test_without_a_function_a_code_has_no_params(half_way: Browser, tenant: LocalTenant) -> None:
    assert "authParams" not in tenant.calls(START)[0].body
