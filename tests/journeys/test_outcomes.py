"""What people get, beside the faults of ``tests.journeys.faults``: threats 6, 24 and 35."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant

from .browser import ANN, START, TOKEN, Browser, outcome
from .conftest import Configure

pytestmark = pytest.mark.django_db

UNAVAILABLE = (503, "unavailable")
RATE_LIMITED = (429, "rate_limited")
TOO_MANY_ATTEMPTS = (429, "too_many_attempts")
REFUSED = (403, "refused")
MFA_REQUIRED = (403, "mfa_required")


@pytest.fixture(autouse=True)
def impatience(configure: Configure) -> None:
    configure(RESEND_COOLDOWN=0)


@pytest.mark.parametrize("status", [401, 403])
def test_second_factor_that_the_site_does_not_offer(
    status: int, half_way: Browser, tenant: LocalTenant
) -> None:
    tenant.answer(TOKEN, status, "mfa_required", "Multifactor needed", mfa_token="a-secret")
    response = half_way.answer()
    assert outcome(response) == MFA_REQUIRED
    assert response.context["universal_url"] is None
    assert "a-secret" not in response.content.decode() + str(dict(half_way.client.session.items()))
    assert not half_way.is_asked_for_code


@pytest.mark.parametrize(
    "status",
    [201, 204, 301, 304, 400, 401, 403, 404, 405, 409, 422, 451, 500, 503, 599],
)
@pytest.mark.parametrize("step", ["resend", "verify"])
def test_answers_nobody_has_described(
    step: str, status: int, half_way: Browser, tenant: LocalTenant
) -> None:
    # threat 35
    errors = ["unknown_thing", "two words", "mfa_required", "slow_down", "expired_token", "x" * 999]
    for error in (None, "", *errors):
        half_way.ask()
        tenant.answer(START if step == "resend" else TOKEN, status, error, times=1)
        assert half_way.post(step, code="000000").status_code in (200, 302, 403, 429, 503)
        assert half_way.user_id is None


@pytest.mark.parametrize("step", ["login", "resend"])
def test_too_many_attempts_at_the_first_step(
    step: str, half_way: Browser, tenant: LocalTenant
) -> None:
    tenant.answer(START, 429, "too_many_attempts", times=1, headers={"Retry-After": "9"})
    response = half_way.post(step, identifier=ANN)
    assert outcome(response) == TOO_MANY_ATTEMPTS
    assert "Retry-After" not in response.headers
    assert half_way.answer().status_code == 302 and half_way.user_id


@pytest.mark.parametrize("status", [400, 401, 403, 418, 429])
def test_error_counts_more_than_its_status(
    status: int, half_way: Browser, tenant: LocalTenant
) -> None:
    # threat 35
    tenant.answer(TOKEN, status, "too_many_attempts", "blocked", headers={"Retry-After": "9"})
    response = half_way.answer()
    assert outcome(response) == TOO_MANY_ATTEMPTS
    assert "Retry-After" not in response.headers


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "Tue, 15 Jan 2030 12:01:30 GMT"}, 90),
        ({"x-ratelimit-reset": "1894708900"}, 100),
        ({"Retry-After": "soon"}, 60),
    ],
)
@pytest.mark.parametrize("step", ["start", "token"])
def test_wait_that_auth0_asks_for(
    step: str,
    headers: dict[str, str],
    wait: int,
    clock: Any,
    half_way: Browser,
    tenant: LocalTenant,
) -> None:
    """Every header that there may be is in ``tests.auth0.http.test_retry_after``."""
    path = START if step == "start" else TOKEN
    tenant.answer(path, 429, "too_many_requests", "Slow down", headers=headers)
    response = half_way.post("resend") if step == "start" else half_way.answer()
    assert outcome(response) == RATE_LIMITED
    assert response["Retry-After"] == str(wait)
    assert response.context["retry_after"] == wait
    assert half_way.is_asked_for_code


def test_wait_is_told_in_words(half_way: Browser, tenant: LocalTenant) -> None:
    tenant.answer(TOKEN, 429, "too_many_requests", headers={"Retry-After": "7"})
    assert "Try again in 7 seconds." in half_way.answer().content.decode()


def test_code_that_was_sent_all_the_same(browser: Browser, tenant: LocalTenant) -> None:
    """No answer came, but the message did: the code is as good as any."""
    tenant.fail(START, "reset", times=1, after=True)
    assert outcome(browser.ask()) == UNAVAILABLE
    assert browser.answer().status_code == 302 and browser.user_id


@pytest.mark.parametrize("path", [START, TOKEN])
@pytest.mark.parametrize("error", ["access_denied", "unauthorized", "server_error", "invalid_x"])
def test_words_of_auth0_are_not_shown(
    path: str, error: str, half_way: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    # threat 24
    configure(RESEND_COOLDOWN=0)
    tenant.answer(path, 403, error, "<b>your card was refused</b>", error_uri="http://evil.example")
    calls = len(tenant.calls(path))
    response = half_way.answer() if path == TOKEN else half_way.post("resend")
    assert len(tenant.calls(path)) == calls + 1
    text = half_way.get("verify").content.decode() + response.content.decode()
    assert "refused</b" not in text and "your card" not in text and "evil" not in text


@pytest.mark.parametrize(
    ("path", "fault", "named"),
    [
        (START, "invalid_client", "CLIENT_SECRET"),
        (START, "unauthorized_client", "CLIENT_SECRET"),
        (START, "unknown_connection", "connection"),
        (START, "connection_disabled", "connection"),
        (START, "bad_tenant", "DOMAIN"),
        (START, "missing_client_id", "CLIENT_ID"),
        (TOKEN, "invalid_client", "CLIENT_SECRET"),
        (TOKEN, "bad_secret_as_access_denied", "CLIENT_SECRET"),
        (TOKEN, "grant_not_allowed", "Grant Types"),
        (TOKEN, "unsupported_grant_type", "DOMAIN"),
    ],
)
def test_wrong_setting_is_named_once_in_the_log(
    path: str,
    fault: str,
    named: str,
    half_way: Browser,
    tenant: LocalTenant,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tenant.fail(path, fault)
    response = half_way.answer() if path == TOKEN else half_way.post("resend")
    assert outcome(response) == UNAVAILABLE
    (record,) = [record for record in caplog.records if record.name == "django_pwdless"]
    assert record.levelno == logging.ERROR
    assert named in record.getMessage()
    assert named not in response.content.decode()


def test_wrong_secret(browser: Browser, configure: Configure, caplog: Any) -> None:
    configure(CLIENT_SECRET="not-the-secret")
    assert outcome(browser.ask()) == UNAVAILABLE
    assert "not-the-secret" not in caplog.text


def test_wrong_client_id(browser: Browser, configure: Configure) -> None:
    configure(CLIENT_ID="nobody")
    assert outcome(browser.ask()) == UNAVAILABLE


def test_action_that_denies(browser: Browser, tenant: LocalTenant) -> None:
    tenant.add_person(ANN, denied=True)
    browser.ask()
    assert outcome(browser.answer()) == REFUSED
    assert not browser.is_asked_for_code
    assert not get_user_model().objects.exists()


def test_inactive_user(signed_in: Browser, browser: Browser) -> None:
    # threat 6
    signed_in.post("logout")
    get_user_model().objects.update(is_active=False)
    assert outcome(browser.sign_in()) == REFUSED
    assert browser.user_id is None
    assert not get_user_model().objects.get().is_active


def test_unknown_user_where_none_are_made(browser: Browser, configure: Configure) -> None:
    configure(CREATE_USERS=False)
    assert outcome(browser.sign_in()) == REFUSED
    assert not get_user_model().objects.exists()


def test_address_of_somebody_else(browser: Browser, configure: Configure) -> None:
    configure(LINK_BY_VERIFIED_EMAIL=True)
    get_user_model().objects.create_superuser("root", ANN)
    assert outcome(browser.sign_in()) == (403, "conflict")
    assert browser.user_id is None


@pytest.mark.parametrize("name", ["verify", "resend"])
def test_step_without_a_pending_login(name: str, browser: Browser) -> None:
    response = browser.post(name, code="123456")
    assert outcome(response) == (302, reverse("pwdless:login"))
    page = browser.get("login")
    assert [str(message) for message in page.context["messages"]] == [
        "We could not continue. Start again."
    ]


def test_code_page_without_a_pending_login(browser: Browser) -> None:
    assert outcome(browser.get("verify")) == (302, reverse("pwdless:login"))


@pytest.mark.parametrize("address", ["ann", "", "ann@", "+4915123456789"])
def test_malformed_address(address: str, browser: Browser, tenant: LocalTenant) -> None:
    page = browser.ask(address)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["identifier"]
    assert not tenant.requests


def test_method_that_is_not_offered(browser: Browser, tenant: LocalTenant) -> None:
    page = browser.ask(method="sms-code")
    assert (page.status_code, "method" in page.context["form"].errors) == (200, True)
    assert not tenant.requests
