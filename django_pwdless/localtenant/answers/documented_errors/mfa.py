"""The rows of the MFA API."""

from __future__ import annotations

from django_pwdless.localtenant.answers.refusals import ErrorRow

from .common import COMMON
from .token import TOKEN

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
    "email_stays": ErrorRow(403, "access_denied", "A verified email cannot be removed."),
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
