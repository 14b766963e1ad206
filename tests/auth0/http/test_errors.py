"""From an error answer to one exception: the reference, row by row."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from django_pwdless import exceptions as exc
from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.http.errors import Answer
from tests.auth0.calls import CALLS, CONFIDENTIAL, MFA_TOKEN, error_of, texts_of
from tests.auth0.keys import SECRET

Tenant = responses.RequestsMock
Row = tuple[int, str, str, type[exc.Auth0Error]]
BLOCKED = "Your account has been blocked after multiple consecutive login attempts."
LIMIT = "Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining headers."
GRANT = "Grant type 'http://auth0.com/oauth/grant-type/passwordless/otp' not allowed."
PENDING = "Authorization pending: please repeat the request in a few seconds."
EXPIRED = "The verification code has expired. Please try to login again."
USED_UP = "You've reached the maximum number of attempts. Please try to login again."
START: list[Row] = [
    (400, "bad.client_id", "Missing required property: client_id", exc.Misconfigured),
    (400, "bad.connection", "Missing required property: connection", exc.Misconfigured),
    (400, "bad.connection", "Connection does not exist", exc.Misconfigured),
    (400, "bad.connection", "Connection is disabled", exc.Misconfigured),
    (400, "bad.connection", "Invalid connection strategy. It must…", exc.Misconfigured),
    (400, "bad.connection", "Public signup is disabled", exc.SignupDisabled),
    (400, "bad.connection", "Sign ups are disabled", exc.SignupDisabled),
    (400, "bad.connection", "Sign up is off", exc.SignupDisabled),
    (400, "bad.connection", "Sign-ups are off", exc.SignupDisabled),
    (400, "bad.email", "Invalid email format", exc.InvalidIdentifier),
    (400, "bad.phone_number", "Missing required property: phone_number", exc.InvalidIdentifier),
    (400, "bad.phone_number", "String does not match pattern", exc.InvalidIdentifier),
    (400, "bad.authParams", "invalid type: string (expected object)", exc.Misconfigured),
    (400, "bad.request", "the following properties are not allowed: X", exc.Misconfigured),
    (400, "bad.tenant", "tenant validation failed: invalid_tenant", exc.Misconfigured),
    (400, "sms_provider_error", "Not a valid number (Code: 21211)", exc.InvalidIdentifier),
    (400, "sms_provider_error", "Region not enabled (Code: 21408)", exc.DeliveryFailed),
    (400, "sms_provider_error", "Unexpected response … SMS gateway: 502", exc.DeliveryFailed),
    (400, "sms_provider_error", "Timeout while calling the SMS gateway", exc.DeliveryFailed),
    (400, "server_error", "server_error", exc.Unavailable),
    (400, "invalid_captcha", "", exc.VerificationRequired),
    (401, "invalid_recaptcha", "", exc.VerificationRequired),
    (401, "requires_verification", "", exc.VerificationRequired),
    (401, "invalid_client", "", exc.Misconfigured),
    (401, "unauthorized_client", "Client authentication is required.", exc.Misconfigured),
    (403, "unauthorized_client", "Client authentication is required.", exc.Misconfigured),
    (400, "unauthorized", "user is blocked", exc.UserBlocked),
    (403, "unauthorized", "user is blocked", exc.UserBlocked),
    (403, "user_blocked", "", exc.UserBlocked),
    (400, "user is blocked", "", exc.UserBlocked),
    (429, "too_many_requests", LIMIT, exc.RateLimited),
    (429, "access_denied", "Global limit has been reached", exc.RateLimited),
    (429, "bad.connection", "Public signup is disabled", exc.RateLimited),
]
EXCHANGE: list[Row] = [
    (403, "invalid_grant", "Wrong email or verification code.", exc.InvalidCode),
    (403, "invalid_grant", "Wrong phone number or verification code.", exc.InvalidCode),
    (403, "invalid_grant", USED_UP, exc.CodeExhausted),
    (403, "invalid_grant", EXPIRED, exc.CodeExpired),
    (403, "invalid_grant", "Invalid authorization code", exc.InvalidCode),
    (403, "invalid_grant", "Failed to verify code verifier", exc.InvalidCode),
    (400, "invalid_grant", "", exc.InvalidCode),
    (403, "unauthorized_client", GRANT, exc.Misconfigured),
    (401, "invalid_client", "", exc.Misconfigured),
    (401, "access_denied", "Unauthorized", exc.Misconfigured),
    (403, "access_denied", "Service not found: https://api.example", exc.Misconfigured),
    (401, "access_denied", "You are not welcome.", exc.AccessDenied),
    (403, "access_denied", "You are not welcome.", exc.AccessDenied),
    (403, "access_denied", "user is blocked", exc.UserBlocked),
    (401, "unauthorized", "user is blocked", exc.UserBlocked),
    (403, "unauthorized", "A rule says no.", exc.AccessDenied),
    (429, "too_many_attempts", BLOCKED, exc.TooManyAttempts),
    (403, "too_many_attempts", BLOCKED, exc.TooManyAttempts),
    (429, "too_many_requests", "Global limit has been reached", exc.RateLimited),
    (400, "too_many_requests", LIMIT, exc.RateLimited),
    (400, "invalid_request", "Missing required parameter: X", exc.Misconfigured),
    (400, "invalid_request", "The phone number is invalid.", exc.InvalidIdentifier),
    (400, "invalid_request", "Too many SMS sent by the user. Wait…", exc.RateLimited),
    (400, "invalid_request", "Too many failed codes. Wait for some minutes…", exc.RateLimited),
    (400, "invalid_request", "Too many voice calls made by the user.", exc.RateLimited),
    (403, "invalid_grant", "user is blocked", exc.UserBlocked),
    (401, "invalid_grant", "The user is blocked.", exc.UserBlocked),
    (400, "unsupported_grant_type", "", exc.Misconfigured),
    (403, "unsupported_grant_type", "", exc.Misconfigured),
    (401, "requires_verification", "Suspicious request", exc.VerificationRequired),
    (500, "server_error", "", exc.Unavailable),
    (503, "temporarily_unavailable", "", exc.Unavailable),
]
LIST: list[Row] = [
    (401, "invalid_token", "Invalid MFA token", exc.MFAExpired),
    (401, "expired_token", "mfa_token is expired", exc.MFAExpired),
    (401, "access_denied", "", exc.AccessDenied),
    (401, "access_denied", "The mfa_token provided is invalid. Try…", exc.MFAExpired),
    (401, "invalid_grant", "The mfa_token provided is invalid. Try…", exc.MFAExpired),
    (401, "unauthorized", "The mfa_token provided is invalid. Try…", exc.MFAExpired),
    (404, "not_found", "", exc.Unavailable),
]
CHALLENGE: list[Row] = [
    (400, "unsupported_challenge_type", "User is not enrolled.", exc.AuthenticatorNotFound),
    (400, "association_required", "", exc.EnrollmentRequired),
    (400, "a0.mfa_registration_required", "", exc.EnrollmentRequired),
    (401, "expired_token", "mfa_token is expired", exc.MFAExpired),
    (401, "invalid_grant", "Malformed mfa_token", exc.MFAExpired),
    (403, "invalid_grant", "Malformed mfa_token", exc.MFAExpired),
    (400, "invalid_request", "", exc.Misconfigured),
    (400, "authenticator_not_found", "", exc.AuthenticatorNotFound),
    (404, "authenticator_not_found", "", exc.AuthenticatorNotFound),
    (404, "invalid_authenticator", "", exc.AuthenticatorNotFound),
    (401, "invalid_client", "", exc.Misconfigured),
    (429, "too_many_requests", LIMIT, exc.RateLimited),
    (429, "too_many_sms", "", exc.RateLimited),
    (400, "too_many_sms", "", exc.RateLimited),
    (400, "too_many_pn", "", exc.RateLimited),
    (400, "too_many_emails", "", exc.RateLimited),
    (403, "access_denied", "The mfa_token provided is invalid. Try…", exc.MFAExpired),
    (400, "error_sending_sms", "", exc.DeliveryFailed),
    (500, "error_sending_sms", "", exc.DeliveryFailed),
    (400, "error_sending_push_notification", "", exc.DeliveryFailed),
    (502, "", "", exc.Unavailable),
]
VERIFY: list[Row] = [
    (403, "invalid_grant", "Invalid otp_code.", exc.InvalidCode),
    (401, "invalid_grant", "Invalid otp_code.", exc.InvalidCode),
    (403, "invalid_grant", "Invalid binding_code.", exc.InvalidCode),
    (403, "invalid_grant", "MFA Authorization rejected.", exc.InvalidCode),
    (400, "access_denied", "MFA Authorization rejected.", exc.InvalidCode),
    (400, "authorization_pending", PENDING, exc.MFAPending),
    (200, "authorization_pending", PENDING, exc.MFAPending),
    (429, "authorization_pending", PENDING, exc.MFAPending),
    (400, "slow_down", "", exc.SlowDown),
    (429, "slow_down", "", exc.SlowDown),
    (403, "invalid_grant", "Malformed mfa_token", exc.MFAExpired),
    (401, "expired_token", "mfa_token is expired", exc.MFAExpired),
    (401, "expired_token", "oob_code is expired", exc.CodeExpired),
    (403, "invalid_grant", "oob_code is expired", exc.CodeExpired),
    (403, "access_denied", "The mfa_token provided is invalid. Try…", exc.MFAExpired),
    (401, "mfa_token_invalid", "", exc.MFAExpired),
    (403, "unauthorized_client", "Grant type mfa-oob not allowed.", exc.Misconfigured),
    (429, "too_many_attempts", "", exc.TooManyAttempts),
    (429, "too_many_requests", "", exc.RateLimited),
    (403, "invalid_otp", "", exc.InvalidCode),
    (403, "invalid_oob_code", "", exc.InvalidCode),
    (403, "invalid_binding_code", "", exc.InvalidCode),
]
RECOVER: list[Row] = [
    (403, "invalid_grant", "MFA Authorization rejected.", exc.InvalidCode),
    (403, "invalid_grant", "Invalid recovery_code.", exc.InvalidCode),
    (403, "invalid_recovery_code", "", exc.InvalidCode),
    (401, "expired_token", "mfa_token is expired", exc.MFAExpired),
]
ENROLL: list[Row] = [
    (400, "access_denied", "User is already enrolled.", exc.AlreadyEnrolled),
    (403, "access_denied", "User is already enrolled.", exc.AlreadyEnrolled),
    (409, "enrollment_conflict", "", exc.AlreadyEnrolled),
    (401, "invalid_token", "", exc.MFAExpired),
    (401, "expired_token", "", exc.MFAExpired),
    (403, "insufficient_scope", "", exc.MFAExpired),
    (400, "unsupported_authenticator_type", "", exc.AuthenticatorNotFound),
    (400, "unsupported_challenge_type", "", exc.AuthenticatorNotFound),
    (400, "invalid_phone_number", "", exc.InvalidIdentifier),
    (400, "invalid_email", "", exc.InvalidIdentifier),
    (400, "invalid_request", "", exc.Misconfigured),
    (429, "", "", exc.RateLimited),
]
TABLES = {
    "start": START,
    "exchange_otp": EXCHANGE,
    "exchange_code": EXCHANGE,
    "list": LIST,
    "challenge": CHALLENGE,
    "verify_oob": VERIFY,
    "verify_recovery": RECOVER,
    "enroll_phone": ENROLL,
}
ROWS = [
    pytest.param(call, row, id=f"{call}-{row[0]}-{row[1]}-{row[2][:24]}")
    for call, table in TABLES.items()
    for row in table
]


@pytest.mark.parametrize(("call", "row"), ROWS)
def test_error_of_the_reference_becomes_its_exception(
    tenant: Tenant, client: Auth0Client, call: str, row: Row
) -> None:
    status, error, text, expected = row
    body = {"error": error, "error_description": text}
    found = error_of(tenant, call, client, status=status, json=body)
    assert type(found) is expected
    assert (found.error, found.status) == (error.lower(), status)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("status", [400, 401, 403])
def test_any_call_may_be_answered_with_mfa_required(
    tenant: Tenant, client: Auth0Client, call: str, status: int
) -> None:
    needs = {"challenge": [{"type": "otp"}]}
    body = {"error": "mfa_required", "mfa_token": MFA_TOKEN, "mfa_requirements": needs}
    found = error_of(tenant, call, client, status=status, json=body)
    assert isinstance(found, exc.MFARequired)
    assert (found.mfa_token, found.requirements, found.status) == (MFA_TOKEN, needs, status)


@pytest.mark.parametrize("requirements", [None, [], "otp", 1, True])
def test_mfa_requirements_of_another_shape_are_none(
    tenant: Tenant, client: Auth0Client, requirements: Any
) -> None:
    body = {"error": "mfa_required", "mfa_token": "t", "mfa_requirements": requirements}
    found = error_of(tenant, "exchange_otp", client, status=403, json=body)
    assert isinstance(found, exc.MFARequired)
    assert found.requirements == {}


@pytest.mark.parametrize(
    "mfa_token",
    [None, "", 1, [], {}, "two words", "line\nbreak", "nul\0", "ümlaut", "\ud800", "t" * 20_000],
    ids=lambda value: ascii(value)[:16],
)
def test_mfa_required_without_usable_token_is_unavailable(
    tenant: Tenant, client: Auth0Client, mfa_token: Any
) -> None:
    body = {"error": "mfa_required", "mfa_token": mfa_token}
    found = error_of(tenant, "exchange_otp", client, status=403, json=body)
    assert type(found) is exc.Unavailable
    assert (found.error, found.status) == ("mfa_required", 403)


# Errors that nobody described, and what is said of any

UNKNOWN: list[tuple[int, str, type[exc.Auth0Error]]] = [
    (400, "something_new", exc.Unavailable),
    (404, "something_new", exc.Unavailable),
    (401, "something_new", exc.AccessDenied),
    (403, "something_new", exc.AccessDenied),
    (429, "something_new", exc.RateLimited),
    (500, "something_new", exc.Unavailable),
    (500, "invalid_grant", exc.Unavailable),
    (502, "mfa_required", exc.Unavailable),
    (503, "too_many_attempts", exc.Unavailable),
    (200, "something_new", exc.AnswerLost),
    (400, "bad.something", exc.Misconfigured),
    (400, "invalid_something", exc.Misconfigured),
    (403, "unsupported_something", exc.Misconfigured),
    (400, "error_sending_pigeon", exc.DeliveryFailed),
]


@pytest.mark.parametrize(("status", "error", "expected"), UNKNOWN)
def test_unknown_error_is_judged_by_its_shape(
    tenant: Tenant, client: Auth0Client, status: int, error: str, expected: type
) -> None:
    found = error_of(tenant, "exchange_otp", client, status=status, json={"error": error})
    assert type(found) is expected


@pytest.mark.parametrize("error", ["x" * 65, "a b", "é", "<script>", "a\nb", "a\0b"])
def test_error_that_is_no_plain_word_is_not_repeated(
    tenant: Tenant, client: Auth0Client, error: str
) -> None:
    found = error_of(tenant, "start", client, status=400, json={"error": error})
    assert found.error == ""


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("status", [200, 400, 403, 429, 500])
def test_nothing_confidential_in_the_text_of_an_error(
    tenant: Tenant, client: Auth0Client, call: str, status: int
) -> None:
    everything = " ".join((*CONFIDENTIAL, SECRET))
    body = {"error": "mfa_required", "mfa_token": MFA_TOKEN, "error_description": everything}
    found = error_of(tenant, call, client, status=status, json=body)
    assert not [word for word in (*CONFIDENTIAL, SECRET) if word in texts_of(found)]


@pytest.mark.parametrize(
    "proxy", ["http://me:pass-word@localhost:99999", "socks9://me:pass-word@localhost"]
)
def test_password_of_a_malformed_proxy_is_not_quoted(
    client: Auth0Client, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(exc.Unavailable) as caught:
        CALLS["start"].ask(client)
    assert "pass-word" not in texts_of(caught.value)


def test_answer_shows_nothing_of_itself() -> None:
    shown = repr(Answer(403, {"Set-Cookie": "did=1"}, {"mfa_token": MFA_TOKEN}))
    assert (MFA_TOKEN in shown, "did" in shown) == (False, False)
