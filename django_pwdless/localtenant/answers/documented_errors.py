"""The error tables of Auth0's Authentication API, row by row, each with a name.

Statuses, codes and texts are those of Auth0's documentation and SDKs. ``tenant.fail(path, name)``
answers with a row whatever the request; the endpoints raise the same rows for the causes they
can tell by themselves.
"""

from __future__ import annotations

from .refusals import ErrorRow

TOO_MANY_REQUESTS = (
    "Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining "
    "and X-RateLimit-Reset headers."
)
EXPIRED = "The verification code has expired. Please try to login again."
GRANT_OFF = "Grant type '{}' not allowed for the client."
PATTERN = r"String does not match pattern: ^\+[0-9]{1,15}$"
PENDING = "Authorization pending: please repeat the request in a few seconds."
GATEWAY = "while calling the SMS gateway"

COMMON = {
    "invalid_client": ErrorRow(401, "invalid_client", "Client authentication failed."),
    "requires_verification": ErrorRow(
        401, "requires_verification", "Suspicious request requires verification"
    ),
    "too_many_requests": ErrorRow(429, "too_many_requests", TOO_MANY_REQUESTS),
    "global_limit": ErrorRow(429, "too_many_requests", "Global limit has been reached"),
    "another_429": ErrorRow(429, "access_denied", "Too many requests"),
    "internal_error": ErrorRow(500, "server_error", "Internal error"),
}

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

MFA = {
    **COMMON,
    "invalid_mfa_token": ErrorRow(
        401,
        "invalid_grant",
        "The mfa_token provided is invalid. Try getting a new token.",
    ),
    "invalid_mfa_token_as_access_denied": ErrorRow(
        403, "access_denied", "The mfa_token provided is invalid. Try getting a new token."
    ),
    "invalid_token": ErrorRow(401, "invalid_token", "Invalid MFA token"),
    "expired_mfa_token": TOKEN["expired_mfa_token"],
    "access_denied": ErrorRow(403, "access_denied", "Access denied"),
}

AUTHENTICATORS = {
    **MFA,
    "insufficient_scope": ErrorRow(403, "insufficient_scope", "Insufficient scope"),
    "not_found": ErrorRow(404, "not_found", "The authenticator does not exist."),
    "email_stays": ErrorRow(403, "access_denied", "A verified e-mail cannot be removed."),
    "last_factor": ErrorRow(409, "last_factor", "The last authenticator cannot be removed."),
}

CHALLENGE = {
    **MFA,
    "unsupported_challenge_type": ErrorRow(
        401, "unsupported_challenge_type", "User is not enrolled with guardian"
    ),
    "unsupported_challenge_type_400": ErrorRow(
        400, "unsupported_challenge_type", "User is not enrolled with guardian"
    ),
    "association_required": ErrorRow(
        400, "association_required", "User is not enrolled. You can use /mfa/associate to enroll."
    ),
    "malformed_mfa_token": TOKEN["malformed_mfa_token"],
    "malformed_mfa_token_401": TOKEN["malformed_mfa_token_401"],
    "invalid_request": ErrorRow(400, "invalid_request", "Invalid request"),
    "authenticator_not_found": ErrorRow(404, "authenticator_not_found", "Authenticator not found"),
    "invalid_authenticator": ErrorRow(400, "invalid_authenticator", "Invalid authenticator"),
    "too_many_sms": ErrorRow(429, "too_many_sms", "Too many SMS sent"),
    "too_many_sms_by_user": ErrorRow(
        400,
        "invalid_request",
        "Too many SMS sent by the user. Wait for some minutes before retrying.",
    ),
    "too_many_pn": ErrorRow(429, "too_many_pn", "Too many push notifications sent"),
    "error_sending_sms": ErrorRow(400, "error_sending_sms", "The SMS provider failed"),
    "error_sending_sms_500": ErrorRow(500, "error_sending_sms", "The SMS provider failed"),
    "error_sending_push_notification": ErrorRow(
        400, "error_sending_push_notification", "The push provider failed"
    ),
}

ASSOCIATE = {
    **MFA,
    "already_enrolled": ErrorRow(403, "access_denied", "User is already enrolled."),
    "already_enrolled_400": ErrorRow(400, "access_denied", "User is already enrolled."),
    "enrollment_conflict": ErrorRow(409, "enrollment_conflict", "User is already enrolled."),
    "insufficient_scope": ErrorRow(403, "insufficient_scope", "Insufficient scope"),
    "unsupported_authenticator_type": ErrorRow(
        400, "unsupported_authenticator_type", "The authenticator type is not supported."
    ),
    "unsupported_challenge_type": ErrorRow(
        400, "unsupported_challenge_type", "The challenge type is not supported."
    ),
    "phone_number_is_invalid": ErrorRow(400, "invalid_request", "The phone number is invalid."),
    "invalid_phone_number": ErrorRow(400, "invalid_phone_number", "Invalid phone number"),
    "invalid_email": ErrorRow(400, "invalid_request", "Invalid email"),
    "invalid_request": ErrorRow(400, "invalid_request", "Invalid request"),
    "too_many_sms": CHALLENGE["too_many_sms"],
    "too_many_sms_by_user": CHALLENGE["too_many_sms_by_user"],
    "error_sending_sms": CHALLENGE["error_sending_sms"],
}

REVOKE = {
    **COMMON,
    "missing_token": ErrorRow(400, "invalid_request", "Missing required parameter: token"),
    "bad_secret_as_access_denied": TOKEN["bad_secret_as_access_denied"],
}

ERROR_TABLES = {
    "/passwordless/start": START,
    "/oauth/token": TOKEN,
    "/mfa/authenticators": AUTHENTICATORS,
    "/mfa/challenge": CHALLENGE,
    "/mfa/associate": ASSOCIATE,
    "/oauth/revoke": REVOKE,
}
