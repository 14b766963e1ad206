"""A person signs in by an emailed code, over real HTTP to the local tenant."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model, login
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path, reverse

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity

from .browser import ANN, BEN, KEYS, START, TOKEN, Browser, outcome
from .conftest import Configure, NewBrowser

pytestmark = pytest.mark.django_db


def bare_login(request: HttpRequest) -> HttpResponse:
    """The floor of the costs: what a login cannot do without."""
    login(request, get_user_model().objects.get(), "django.contrib.auth.backends.ModelBackend")
    return HttpResponse()


urlpatterns = [
    path("", bare_login, name="home"),
    path("accounts/", include("django_pwdless.urls")),
]


def test_code_signs_in_and_makes_a_user(client: Client, pwdless_tenant: LocalTenant) -> None:
    response = client.post(reverse("pwdless:login"), {"identifier": ANN})
    assert (response.status_code, response["Location"]) == (302, reverse("pwdless:verify"))
    assert client.get(reverse("pwdless:verify")).status_code == 200
    code = pwdless_tenant.inbox.latest(ANN).code
    response = client.post(reverse("pwdless:verify"), {"code": code})
    assert (response.status_code, response["Location"]) == (302, reverse("home"))
    user = get_user_model().objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert Identity.objects.get().email == user.email == ANN


def test_each_step_has_its_template(browser: Browser) -> None:
    page = browser.get("login")
    assert (page.status_code, page.templates[0].name) == (200, "django_pwdless/login.html")
    browser.ask()
    page = browser.get("verify")
    assert (page.status_code, page.templates[0].name) == (200, "django_pwdless/verify.html")


def test_login_page_has_its_context(browser: Browser) -> None:
    context = browser.get("login", next="/in/").context
    assert [method.name for method in context["methods"]] == ["email-code"]
    assert (context["universal_url"], context["signed_in_as"]) == (None, None)
    assert (context["next"], "identifier" in context["form"].fields) == ("/in/", True)


def test_code_page_has_its_context(half_way: Browser, configure: Configure) -> None:
    configure(CODE_LENGTH=8, CODE_LIFETIME=300)
    context = half_way.get("verify").context
    assert "code" in context["form"].fields
    names = ("masked_identifier", "connection", "code_length", "code_lifetime", "tries_left")
    assert [context[name] for name in names] == ["a•••@example.com", "email", 8, 300, None]
    assert 0 < context["resend_wait"] <= 30


@pytest.mark.parametrize("language", ["en", "de"])
def test_code_page_counts_whole_seconds(
    language: str, half_way: Browser, configure: Configure, settings: Any
) -> None:
    settings.LANGUAGE_CODE = language
    configure(CODE_LIFETIME=90.5, RESEND_COOLDOWN=0.5)
    page = half_way.get("verify")
    assert (page.status_code, page.context["code_lifetime"]) == (200, 91)


def test_code_page_names_the_whole_address_to_whom_typed_it(
    half_way: Browser, new_browser: NewBrowser
) -> None:
    """So that a slip is seen; nobody else has a page that knows of it."""
    assert f"<bdi>{ANN}</bdi>" in half_way.get("verify").content.decode()
    stranger = new_browser()
    assert ANN not in stranger.get("link").content.decode()
    assert stranger.get("verify").status_code == 302


def test_login_page_remembers_what_this_browser_typed(half_way: Browser, new_browser: NewBrowser):
    assert ANN in half_way.get("login").content.decode()
    assert ANN not in new_browser().get("login").content.decode()


def test_request_for_a_code(half_way: Browser, tenant: LocalTenant) -> None:
    (call,) = tenant.calls(START)
    assert call.body == {
        "client_id": tenant.client_id,
        "client_secret": tenant.client_secret,
        "connection": "email",
        "email": ANN,
        "send": "code",
    }


def test_exchange_of_a_code(half_way: Browser, tenant: LocalTenant, configure: Configure) -> None:
    configure(SCOPE="profile", AUDIENCE="https://api.example/")
    tenant.add_api("https://api.example/")
    code = half_way.code
    half_way.answer()
    (call,) = tenant.calls(TOKEN)
    assert call.body == {
        "grant_type": "http://auth0.com/oauth/grant-type/passwordless/otp",
        "client_id": tenant.client_id,
        "client_secret": tenant.client_secret,
        "realm": "email",
        "username": ANN,
        "otp": code,
        "scope": "openid profile",
        "audience": "https://api.example/",
    }


@pytest.mark.parametrize("typed", ["  {} ", "{:.3} {:.3}", "{:.3}-{:.3}"])
def test_code_is_sent_as_digits(typed: str, half_way: Browser) -> None:
    code = half_way.code
    halves = (code,) if typed.count("{") == 1 else (code[:3], code[3:])
    assert half_way.answer(typed.format(*halves)).status_code == 302


def test_code_in_other_digits(half_way: Browser) -> None:
    arabic = half_way.code.translate({48 + digit: 0x660 + digit for digit in range(10)})
    assert half_way.answer(arabic).status_code == 302 and half_way.user_id


@pytest.mark.parametrize("typed", ["Ann@EXAMPLE.com", " ann@example.com "])
def test_address_as_people_type_it(typed: str, browser: Browser) -> None:
    browser.ask(typed)
    assert browser.answer().status_code == 302 and browser.user_id
    assert get_user_model().objects.get().email == ANN


def test_second_login_is_the_same_user(came_in: Browser, new_browser: NewBrowser) -> None:
    other = new_browser()
    other.sign_in()
    assert other.user_id == came_in.user_id
    assert get_user_model().objects.count() == Identity.objects.count() == 1


def test_other_address_is_another_user(came_in: Browser, new_browser: NewBrowser) -> None:
    other = new_browser()
    other.sign_in(BEN)
    assert other.user_id != came_in.user_id


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_wrong_codes_are_said_with_the_tries_left(count: int, half_way: Browser) -> None:
    for _ in range(count):
        page = half_way.answer(half_way.wrong_code)
    assert page.status_code == 200
    assert page.context["form"].errors["code"]
    assert page.context["tries_left"] == max(0, 3 - count)
    assert half_way.user_id is None


def test_right_code_after_wrong_ones(half_way: Browser) -> None:
    for _ in range(2):
        half_way.answer(half_way.wrong_code)
    assert half_way.answer().status_code == 302 and half_way.user_id


@pytest.mark.parametrize("row", ["exhausted", "expired", "wrong_email_code"])
def test_what_auth0_says_of_a_wrong_code_is_not_told(
    row: str, half_way: Browser, tenant: LocalTenant
) -> None:
    """Threat 21: it says more only of a code that it has sent, to somebody it knows."""
    tenant.fail(TOKEN, row, times=1)
    page = half_way.answer()
    assert (page.status_code, page.context["tries_left"]) == (200, 2)
    assert "not right" in page.context["form"].errors["code"][0]
    assert half_way.get("verify").context["tries_left"] == 2


def test_wrong_code_is_not_shown_again(half_way: Browser) -> None:
    # threat 37
    wrong = half_way.wrong_code
    assert wrong not in half_way.answer(wrong).content.decode()


def test_expired_code_is_said_to_be_so(clock: Any, half_way: Browser, tenant: LocalTenant) -> None:
    clock.shift(181)
    page = half_way.answer()
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["code"])
    assert "expired" in page.context["form"].errors["code"][0]


def test_used_code_is_wrong(half_way: Browser) -> None:
    code = half_way.code
    half_way.answer(code)
    half_way.client.logout()
    half_way.ask(BEN)
    assert half_way.answer(code).status_code == 200


def test_only_the_newest_code_works(clock: Any, half_way: Browser) -> None:
    first = half_way.code
    clock.shift(31)
    half_way.post("resend")
    assert half_way.answer(first).status_code == 200
    assert half_way.answer().status_code == 302 and half_way.user_id


def test_session_key_changes_at_login(half_way: Browser) -> None:
    # threat 11
    before = half_way.session_key
    half_way.answer()
    assert half_way.session_key not in (None, before)
    planted = Client()
    planted.cookies["sessionid"] = str(before)
    assert "_auth_user_id" not in planted.session


def test_nothing_of_the_login_stays_pending(came_in: Browser) -> None:
    assert "pending" not in str(dict(came_in.client.session.items()))
    assert outcome(came_in.get("verify")) == (302, reverse("pwdless:login"))


def test_session_holds_no_token_and_no_code(half_way: Browser, tenant: LocalTenant) -> None:
    code = half_way.code
    half_way.answer()
    stored = str(dict(half_way.client.session.items()))
    assert "eyJ" not in stored and code not in stored


def test_calls_of_a_first_login(came_in: Browser, tenant: LocalTenant) -> None:
    assert [call.path for call in tenant.requests] == [START, KEYS, TOKEN]


def test_calls_of_a_later_login(
    came_in: Browser, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    # The keys are there, and the connection is open.
    before, connections = len(tenant.requests), tenant.connections
    new_browser().sign_in()
    assert [call.path for call in tenant.requests[before:]] == [START, TOKEN]
    assert tenant.connections == connections


def test_pages_call_nobody(half_way: Browser, tenant: LocalTenant) -> None:
    for name in ("login", "verify", "logged_out"):
        half_way.get(name)
    assert len(tenant.requests) == 1


@pytest.mark.parametrize("name", ["login", "verify", "logged_out"])
def test_visitors_cost_nothing(name: str, browser: Browser) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(name)
    assert len(queries) == 0
    assert "sessionid" not in response.cookies


@pytest.mark.urls(__name__)
def test_statements_of_a_returning_login(
    came_in: Browser, new_browser: NewBrowser, client: Client
) -> None:
    """At most one more than Django's own login costs in a view."""
    client.get(reverse("pwdless:login"))
    session = client.session
    session["anything"] = "to make it a session"
    session.save()
    with CaptureQueriesContext(connection) as floor:
        assert client.get("/").status_code == 200
    # At once: the next request empties the log that both are read from.
    at_least = len(floor)
    browser = new_browser()
    browser.ask()
    with CaptureQueriesContext(connection) as ours:
        assert browser.answer().status_code == 302 and browser.user_id
    assert len(ours) <= at_least + 1


@pytest.mark.parametrize("name", ["verify", "link"])
@pytest.mark.parametrize("tries", [1, 2])
def test_code_that_has_expired_has_no_tries_left_to_speak_of(
    tries: int, name: str, clock: Any, browser: Browser
) -> None:
    browser.ask()
    for _ in range(tries - 1):
        assert "tries left" in browser.answer(browser.wrong_code).content.decode()
    clock.shift(181)
    page = browser.post(name, code=browser.wrong_code).content.decode()
    assert "This code has expired." in page and "left." not in page
    assert page.index("Send a new code") < page.index("Change address")
    assert "No email yet?" not in page
