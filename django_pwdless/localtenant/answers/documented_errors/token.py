"""The rows of ``/oauth/token`` and ``/oauth/revoke``."""

from __future__ import annotations

from django_pwdless.localtenant.answers.refusals import ErrorRow

from .common import COMMON

EXPIRED = "The verification code has expired. Please try to login again."
GRANT_OFF = "Grant type '{}' not allowed for the client."
PENDING = "Authorization pending: please repeat the request in a few seconds."

TOKEN = {
    **COMMON,
    "wrong_email_code": ErrorRow(403, "invalid_grant", "Wrong email or verification code."),
    "wrong_phone_code": ErrorRow(403, "invalid_grant", "Wrong phone number or verification code."),
    "exhausted": ErrorRow(
        403,
        "invalid_grant",
        "You've reached the maximum number of attempts. Please try to login again.",
    ),
    "expired": ErrorRow(403, "invalid_grant", EXPIRED),
    "mfa_required": ErrorRow(403, "mfa_required", "Multifactor authentication required"),
    "mfa_required_401": ErrorRow(401, "mfa_required", "Multifactor authentication required"),
    "grant_not_allowed": ErrorRow(
        403,
        "unauthorized_client",
        GRANT_OFF.format("http://auth0.com/oauth/grant-type/passwordless/otp"),
    ),
    "bad_secret_as_access_denied": ErrorRow(401, "access_denied", "Unauthorized"),
    "access_denied": ErrorRow(403, "access_denied", "Access was denied by an Action."),
    "access_denied_401": ErrorRow(401, "access_denied", "Access was denied by an Action."),
    "unknown_audience": ErrorRow(403, "access_denied", "Service not found: https://api.example/"),
    "unauthorized": ErrorRow(401, "unauthorized", "user is blocked"),
    "unauthorized_403": ErrorRow(403, "unauthorized", "user is blocked"),
    "blocked_as_invalid_grant": ErrorRow(403, "invalid_grant", "user is blocked"),
    "too_many_attempts": ErrorRow(
        429,
        "too_many_attempts",
        "Your account has been blocked after multiple consecutive login attempts. "
        "We've sent you a notification via your preferred contact method with "
        "instructions on how to unblock it.",
    ),
    "missing_parameter": ErrorRow(400, "invalid_request", "Missing required parameter: grant_type"),
    "unsupported_grant_type": ErrorRow(
        400, "unsupported_grant_type", "Unsupported grant type: refresh"
    ),
    "unsupported_grant_type_403": ErrorRow(
        403, "unsupported_grant_type", "Unsupported grant type: refresh"
    ),
    "wrong_redirect_uri": ErrorRow(403, "invalid_grant", "The redirect URI is wrong."),
    "invalid_code": ErrorRow(403, "invalid_grant", "Invalid authorization code"),
    "unknown_refresh_token": ErrorRow(403, "invalid_grant", "Unknown or invalid refresh token."),
    "reused_refresh_token": ErrorRow(
        403,
        "invalid_grant",
        "Unsuccessful Refresh Token exchange, reused refresh token detected",
    ),
    "refresh_token_of_nobody": ErrorRow(
        403,
        "invalid_grant",
        "The refresh_token was generated for a user who doesn't exist anymore.",
    ),
    "wrong_otp": ErrorRow(403, "invalid_grant", "Invalid otp_code."),
    "wrong_otp_401": ErrorRow(401, "invalid_grant", "Invalid otp_code."),
    "wrong_binding_code": ErrorRow(403, "invalid_grant", "Invalid binding_code."),
    "wrong_binding_code_401": ErrorRow(401, "invalid_grant", "Invalid binding_code."),
    "wrong_recovery_code": ErrorRow(403, "invalid_grant", "MFA Authorization rejected."),
    "push_denied": ErrorRow(400, "access_denied", "MFA Authorization rejected."),
    "push_denied_as_invalid_grant": ErrorRow(403, "invalid_grant", "MFA Authorization rejected."),
    "expired_push": ErrorRow(403, "invalid_grant", "The push notification has expired."),
    "authorization_pending": ErrorRow(400, "authorization_pending", PENDING),
    "authorization_pending_200": ErrorRow(200, "authorization_pending", PENDING),
    "slow_down": ErrorRow(400, "slow_down", "You are polling faster than allowed."),
    "slow_down_429": ErrorRow(429, "slow_down", "You are polling faster than allowed."),
    "malformed_mfa_token": ErrorRow(403, "invalid_grant", "Malformed mfa_token"),
    "malformed_mfa_token_401": ErrorRow(401, "invalid_grant", "Malformed mfa_token"),
    "malformed_oob_code": ErrorRow(403, "invalid_grant", "Malformed oob_code"),
    "expired_mfa_token": ErrorRow(401, "expired_token", "mfa_token is expired"),
    "expired_oob_code": ErrorRow(401, "expired_token", "oob_code is expired"),
    "wrong_verifier": ErrorRow(403, "invalid_grant", "Failed to verify code verifier"),
    "too_many_failed_codes": ErrorRow(
        400, "invalid_request", "Too many failed codes. Wait for some minutes before retrying."
    ),
}

REVOKE = {
    **COMMON,
    "missing_token": ErrorRow(400, "invalid_request", "Missing required parameter: token"),
    "bad_secret_as_access_denied": TOKEN["bad_secret_as_access_denied"],
}
