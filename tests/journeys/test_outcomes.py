"""What people get, row by row: threats 24, 33, 34, 35 and 38."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant

from .browser import ANN, KEYS, START, TOKEN, Browser, outcome, sent, tried
from .conftest import Configure

pytestmark = pytest.mark.django_db

UNAVAILABLE = (503, "unavailable")
NOT_DELIVERED = (503, "not_delivered")
RATE_LIMITED = (429, "rate_limited")
TOO_MANY_ATTEMPTS = (429, "too_many_attempts")
VERIFICATION_REQUIRED = (403, "verification_required")
REFUSED = (403, "refused")
MFA_REQUIRED = (403, "mfa_required")
FORM = (200, None)

# Answers that nobody can use, and connections that break (localtenant.faults).
BROKEN = [
    *("reset", "closed", "reset_before_body", "reset_within_body"),
    *("closed_within_body", "garbage", "server_error", "bad_gateway_html", "html", "redirect"),
    *("empty", "null", "list", "string", "truncated", "not_utf8", "megabyte", "gzip_bomb"),
    *("deeply_nested", "infinite", "huge_number", "wrong_types_error"),
]
SLOW = ["timeout", "timeout_within_body", "slow_drip", "slow_headers", "endless"]

START_ROWS = {
    **dict.fromkeys(BROKEN, UNAVAILABLE),
    **dict.fromkeys(["internal_error", "malformed_body"], UNAVAILABLE),
    **dict.fromkeys(
        [
            *("missing_client_id", "missing_connection", "unknown_connection"),
            *("connection_disabled", "wrong_strategy", "bad_auth_params", "unknown_property"),
            *("bad_send", "bad_tenant", "invalid_client"),
            *("unauthorized_client", "unauthorized_client_401"),
        ],
        UNAVAILABLE,
    ),
    **dict.fromkeys(
        [
            *("sms_unreachable", "sms_gateway_unexpected", "sms_gateway_unauthenticated"),
            "sms_gateway_timeout",
        ],
        NOT_DELIVERED,
    ),
    **dict.fromkeys(
        [
            *("rate_limited", "rate_limited_reset_header", "rate_limited_without_retry_after"),
            *("rate_limited_html", "too_many_requests", "global_limit", "another_429"),
        ],
        RATE_LIMITED,
    ),
    **dict.fromkeys(
        [
            *("requires_verification", "invalid_captcha", "invalid_captcha_401"),
            *("invalid_recaptcha", "captcha_in_code"),
        ],
        VERIFICATION_REQUIRED,
    ),
    **dict.fromkeys(["missing_email", "bad_email", "sms_invalid_number"], FORM),
}

TOKEN_ROWS = {
    **dict.fromkeys([*BROKEN, "object", "wrong_types", "internal_error"], UNAVAILABLE),
    **dict.fromkeys(
        [
            *("invalid_client", "grant_not_allowed", "bad_secret_as_access_denied"),
            *("missing_parameter", "unsupported_grant_type", "unsupported_grant_type_403"),
        ],
        UNAVAILABLE,
    ),
    **dict.fromkeys(
        [
            *("rate_limited", "rate_limited_reset_header", "rate_limited_without_retry_after"),
            *("rate_limited_html", "too_many_requests", "global_limit", "another_429"),
        ],
        RATE_LIMITED,
    ),
    "too_many_attempts": TOO_MANY_ATTEMPTS,
    "requires_verification": VERIFICATION_REQUIRED,
    **dict.fromkeys(["access_denied", "access_denied_401"], REFUSED),
    **dict.fromkeys(
        [
            *("wrong_email_code", "wrong_phone_code", "exhausted", "expired"),
            *("unauthorized", "unauthorized_403"),
        ],
        FORM,
    ),
}
WIPED = {REFUSED, MFA_REQUIRED}


@pytest.fixture(autouse=True)
def patience(configure: Configure) -> None:
    configure(TIMEOUT=(0.5, 0.5), RESEND_COOLDOWN=0)


@pytest.mark.parametrize(("fault", "expected"), START_ROWS.items())
def test_asking_goes_wrong(
    fault: str, expected: tuple[int, str | None], browser: Browser, tenant: LocalTenant
) -> None:
    tenant.fail(START, fault, times=1)
    assert outcome(browser.ask()) == expected
    # threat 33: it may have been sent, so it is not sent again.
    assert sent(tenant) == 1
    assert outcome(browser.ask()) == (302, reverse("pwdless:verify"))
    assert browser.answer().status_code == 302 and browser.user_id


@pytest.mark.parametrize("fault", SLOW)
def test_asking_takes_too_long(fault: str, browser: Browser, tenant: LocalTenant) -> None:
    # threat 34
    tenant.fail(START, fault, times=1)
    assert outcome(browser.ask()) == UNAVAILABLE
    assert sent(tenant) == 1


@pytest.mark.parametrize(("fault", "expected"), START_ROWS.items())
def test_asking_again_goes_wrong(
    fault: str, expected: tuple[int, str | None], half_way: Browser, tenant: LocalTenant
) -> None:
    tenant.fail(START, fault, times=1)
    response = half_way.post("resend")
    assert sent(tenant) == 2
    if expected == FORM:
        # There is no form here to say it at: the address is typed again.
        assert outcome(response) == (302, reverse("pwdless:login"))
    else:
        assert outcome(response) == expected
        assert half_way.answer().status_code == 302 and half_way.user_id


@pytest.mark.parametrize(("fault", "expected"), TOKEN_ROWS.items())
def test_answering_goes_wrong(
    fault: str, expected: tuple[int, str | None], half_way: Browser, tenant: LocalTenant
) -> None:
    tenant.fail(TOKEN, fault, times=1)
    assert outcome(half_way.answer()) == expected
    assert half_way.user_id is None
    assert tried(tenant) == 1
    if expected in WIPED:
        assert not half_way.is_asked_for_code
        half_way.ask()
    assert half_way.answer().status_code == 302 and half_way.user_id


@pytest.mark.parametrize("fault", SLOW)
def test_answering_takes_too_long(fault: str, half_way: Browser, tenant: LocalTenant) -> None:
    tenant.fail(TOKEN, fault, times=1)
    assert outcome(half_way.answer()) == UNAVAILABLE
    assert tried(tenant) == 1
    assert half_way.is_asked_for_code


@pytest.mark.parametrize("step", ["login", "resend", "verify"])
def test_nobody_listens(
    step: str, half_way: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(DOMAIN="http://127.0.0.1:1")
    assert outcome(half_way.post(step, identifier=ANN, code=half_way.code)) == UNAVAILABLE
    configure(DOMAIN=tenant.domain)
    assert half_way.answer().status_code == 302 and half_way.user_id


@pytest.mark.parametrize("fault", ["reset", "server_error", "html", "object", "wrong_types"])
def test_keys_cannot_be_had(fault: str, half_way: Browser, tenant: LocalTenant) -> None:
    tenant.fail(KEYS, fault)
    assert outcome(half_way.answer()) == UNAVAILABLE
    tenant.recover()
    assert half_way.is_asked_for_code
    half_way.post("resend")
    assert half_way.answer().status_code == 302 and half_way.user_id


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
    "status", [201, 204, 301, 304, 400, 401, 403, 404, 405, 409, 422, 451, 500, 503, 599]
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
    assert half_way.answer().status_code == 302


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
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "7", "x-ratelimit-reset": "1894708900"}, 7),
        ({"Retry-After": "Tue, 15 Jan 2030 12:01:30 GMT"}, 90),
        ({"x-ratelimit-reset": "1894708900"}, 100),
        ({}, 60),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "-5"}, 60),
        ({"Retry-After": "soon"}, 60),
        ({"Retry-After": "1.5"}, 60),
        ({"Retry-After": "99999"}, 3600),
        ({"Retry-After": "9" * 400}, 60),
        ({"x-ratelimit-reset": "1"}, 1),
        ({"x-ratelimit-reset": "99999999999"}, 3600),
        ({"x-ratelimit-reset": "never"}, 60),
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
    path = START if step == "start" else TOKEN
    tenant.answer(path, 429, "too_many_requests", "Slow down", headers=headers)
    response = half_way.post("resend") if step == "start" else half_way.answer()
    assert outcome(response) == RATE_LIMITED
    assert response["Retry-After"] == str(wait)
    assert response.context["retry_after"] == wait
    assert half_way.is_asked_for_code


def test_wait_is_told_in_words(half_way: Browser, tenant: LocalTenant) -> None:
    tenant.answer(TOKEN, 429, "too_many_requests", headers={"Retry-After": "7"})
    assert "Please wait 7 seconds" in half_way.answer().content.decode()


@pytest.mark.parametrize("next_url", ["", "/in/?a=1"])
def test_way_on_from_a_problem_before_the_code(
    next_url: str, browser: Browser, tenant: LocalTenant
) -> None:
    tenant.fail(START, "server_error", times=1)
    retry_url = browser.ask(next=next_url).context["retry_url"]
    assert retry_url.startswith(reverse("pwdless:login"))
    page = browser.client.get(retry_url)
    # Nothing is lost: what was typed is there again, and so is the target.
    assert page.context["form"]["identifier"].value() == ANN
    assert page.context["next"] == next_url


def test_way_on_from_a_problem_with_the_code(half_way: Browser, tenant: LocalTenant) -> None:
    tenant.fail(TOKEN, "server_error", times=1)
    assert half_way.answer().context["retry_url"] == reverse("pwdless:verify")


def test_way_on_from_a_refusal(browser: Browser, tenant: LocalTenant) -> None:
    tenant.fail(TOKEN, "access_denied")
    browser.ask(next="/in/")
    retry_url = browser.answer().context["retry_url"]
    assert browser.client.get(retry_url).context["next"] == "/in/"


def test_code_that_was_sent_all_the_same(browser: Browser, tenant: LocalTenant) -> None:
    """No answer came, but the message did: the code is as good as any."""
    tenant.fail(START, "reset", times=1, after=True)
    assert outcome(browser.ask()) == UNAVAILABLE
    assert browser.answer().status_code == 302 and browser.user_id


@pytest.mark.parametrize("path", [START, TOKEN])
@pytest.mark.parametrize("error", ["access_denied", "unauthorized", "server_error", "invalid_x"])
def test_words_of_auth0_are_not_shown(
    path: str, error: str, half_way: Browser, tenant: LocalTenant
) -> None:
    # threat 24
    tenant.answer(path, 403, error, "<b>Your card was refused</b>", error_uri="http://evil.example")
    response = half_way.answer() if path == TOKEN else half_way.post("resend")
    text = response.content.decode()
    assert "card" not in text and "evil" not in text


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
        "That step is over. Please start again."
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
