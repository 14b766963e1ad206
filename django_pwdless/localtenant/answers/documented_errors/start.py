"""The rows of ``/passwordless/start``."""

from __future__ import annotations

from django_pwdless.localtenant.answers.refusals import ErrorRow

from .common import COMMON

PATTERN = r"String does not match pattern: ^\+[0-9]{1,15}$"
GATEWAY = "while calling the SMS gateway"

START = {
    **COMMON,
    "missing_client_id": ErrorRow(400, "bad.client_id", "Missing required property: client_id"),
    "missing_connection": ErrorRow(400, "bad.connection", "Missing required property: connection"),
    "unknown_connection": ErrorRow(400, "bad.connection", "Connection does not exist"),
    "connection_disabled": ErrorRow(400, "bad.connection", "Connection is disabled"),
    "wrong_strategy": ErrorRow(
        400,
        "bad.connection",
        "Invalid connection strategy. It must either be a passwordless connection",
    ),
    "signup_disabled": ErrorRow(400, "bad.connection", "Public signup is disabled"),
    "missing_email": ErrorRow(400, "bad.email", "Missing required property: email"),
    "bad_email": ErrorRow(400, "bad.email", "Object didn't pass validation for format email"),
    "missing_phone_number": ErrorRow(
        400, "bad.phone_number", "Missing required property: phone_number"
    ),
    "bad_phone_number": ErrorRow(400, "bad.phone_number", PATTERN),
    "bad_auth_params": ErrorRow(
        400,
        "bad.authParams",
        "error in authParams - invalid type: string (expected object)",
    ),
    "unknown_property": ErrorRow(
        400, "bad.request", "the following properties are not allowed: nonce"
    ),
    "bad_send": ErrorRow(400, "bad.send", "error in send - expected one of: code, link"),
    "bad_tenant": ErrorRow(
        400, "bad.tenant", "error in tenant - tenant validation failed: invalid_tenant"
    ),
    "sms_invalid_number": ErrorRow(
        400, "sms_provider_error", "The 'To' number is not a valid phone number. (Code: 21211)"
    ),
    "sms_unreachable": ErrorRow(
        400, "sms_provider_error", "The message cannot be delivered. (Code: 30003)"
    ),
    "sms_gateway_unexpected": ErrorRow(
        400, "sms_provider_error", f"Unexpected response {GATEWAY}: 500"
    ),
    "sms_gateway_unauthenticated": ErrorRow(
        400, "sms_provider_error", f"Authentication failed {GATEWAY}: 401"
    ),
    "sms_gateway_timeout": ErrorRow(400, "sms_provider_error", f"Timeout {GATEWAY}: ETIMEDOUT"),
    "malformed_body": ErrorRow(400, "server_error", "server_error"),
    "invalid_captcha": ErrorRow(400, "invalid_captcha", "Solve the challenge question to continue"),
    "invalid_captcha_401": ErrorRow(
        401, "invalid_captcha", "Solve the challenge question to continue"
    ),
    "invalid_recaptcha": ErrorRow(400, "invalid_recaptcha", "Confirm you are not a robot"),
    "captcha_in_code": ErrorRow(
        400, "bad.request", "Verification is required", {"code": "invalid_captcha"}
    ),
    "unauthorized_client": ErrorRow(
        403, "unauthorized_client", "Client authentication is required."
    ),
    "unauthorized_client_401": ErrorRow(
        401, "unauthorized_client", "Client authentication is required."
    ),
    "blocked": ErrorRow(400, "unauthorized", "user is blocked"),
    "blocked_403": ErrorRow(403, "unauthorized", "user is blocked"),
    "user_is_blocked": ErrorRow(400, "user is blocked", "user is blocked"),
    "user_is_blocked_403": ErrorRow(403, "user is blocked", "user is blocked"),
}
