"""What each fault of the local tenant means, by its name there.

A fault that nobody has given a meaning has none: its cells fail until it has one. The meanings are
those of Auth0's documentation, not of the code under test.
"""

from __future__ import annotations

from enum import Enum

from django_pwdless.localtenant.faults.armed import FAULTS
from django_pwdless.localtenant.token_faults import HARMLESS, NONCE_FAULTS, PROFILE_FAULTS
from tests.journeys.browser import KEYS, LIST, START

from .steps import Step


class Meaning(Enum):
    """What an answer of Auth0's means to the site."""

    NO_ANSWER = "none, a late one, 5xx, or nothing that can be read"
    NOT_DELIVERED = "the message could not be sent"
    MISCONFIGURED = "a setting of the site or the application is wrong"
    TOO_MANY_REQUESTS = "429"
    TOO_MANY_ATTEMPTS = "brute-force protection"
    CAPTCHA = "an interactive proof is wanted"
    BAD_IDENTIFIER = "no message can go to this address or number"
    NOBODY = "nothing is sent to this address, which is nobody's business"
    WRONG_CODE = "wrong, expired or used up"
    BLOCKED = "the person is blocked"
    REFUSED = "an Action, or the tenant, said no after the proof"
    MFA_OVER = "the mfa_token is not taken any more"
    GONE = "this second factor cannot be used or set up"
    ENROLLED = "there is a second factor already"
    DENIED = "the push was denied, or the code was wrong"
    WAITING = "the push is not answered yet"
    SLOWER = "the push was asked about too often"
    FINE = "nothing is wrong that anybody needs to know"


M = Meaning


def _each(meaning: Meaning, names: str) -> dict[str, Meaning]:
    return dict.fromkeys(names.split(), meaning)


# Faults of any endpoint: localtenant.faults.armed.FAULTS.
GENERAL = {
    **_each(
        M.NO_ANSWER,
        "refused reset closed reset_before_body reset_within_body closed_within_body timeout "
        "timeout_within_body slow_drip slow_headers endless garbage server_error bad_gateway_html "
        "html redirect no_content empty null list string object truncated not_utf8 wrong_types "
        "wrong_types_error megabyte gzip_bomb deeply_nested infinite huge_number",
    ),
    **_each(
        M.TOO_MANY_REQUESTS,
        "rate_limited rate_limited_reset_header rate_limited_without_retry_after rate_limited_html",
    ),
}

# Rows of localtenant.answers.documented_errors. A name means the same in each table that has it.
ROW_MEANINGS = {
    **_each(
        M.NO_ANSWER,
        "internal_error malformed_body mfa_required mfa_required_401 not_found last_factor",
    ),
    **_each(
        M.MISCONFIGURED,
        "invalid_client missing_client_id missing_connection unknown_connection "
        "connection_disabled wrong_strategy bad_auth_params unknown_property bad_send bad_tenant "
        "unauthorized_client unauthorized_client_401 grant_not_allowed bad_secret_as_access_denied "
        "unknown_audience missing_parameter unsupported_grant_type unsupported_grant_type_403 "
        "invalid_request invalid_email missing_token",
    ),
    **_each(
        M.NOT_DELIVERED,
        "sms_unreachable sms_gateway_unexpected sms_gateway_unauthenticated sms_gateway_timeout "
        "error_sending_sms error_sending_sms_500 error_sending_push_notification",
    ),
    **_each(
        M.TOO_MANY_REQUESTS,
        "too_many_requests global_limit another_429 too_many_sms too_many_pn "
        "too_many_sms_by_user too_many_failed_codes",
    ),
    **_each(M.TOO_MANY_ATTEMPTS, "too_many_attempts"),
    **_each(
        M.CAPTCHA,
        "requires_verification invalid_captcha invalid_captcha_401 invalid_recaptcha "
        "captcha_in_code",
    ),
    **_each(
        M.BAD_IDENTIFIER,
        "missing_email bad_email missing_phone_number bad_phone_number sms_invalid_number "
        "invalid_phone_number phone_number_is_invalid",
    ),
    **_each(M.NOBODY, "signup_disabled blocked blocked_403 user_is_blocked user_is_blocked_403"),
    **_each(
        M.WRONG_CODE,
        "wrong_email_code wrong_phone_code exhausted expired wrong_redirect_uri invalid_code "
        "wrong_otp wrong_otp_401 wrong_binding_code wrong_binding_code_401 malformed_oob_code "
        "wrong_verifier expired_push expired_oob_code unknown_refresh_token reused_refresh_token "
        "refresh_token_of_nobody",
    ),
    **_each(M.BLOCKED, "unauthorized unauthorized_403 blocked_as_invalid_grant"),
    **_each(M.REFUSED, "access_denied access_denied_401 email_stays"),
    **_each(
        M.MFA_OVER,
        "malformed_mfa_token malformed_mfa_token_401 expired_mfa_token invalid_token "
        "invalid_mfa_token invalid_mfa_token_as_access_denied "
        "insufficient_scope",
    ),
    **_each(
        M.GONE,
        "unsupported_challenge_type unsupported_challenge_type_400 association_required "
        "authenticator_not_found "
        "invalid_authenticator unsupported_authenticator_type",
    ),
    **_each(M.ENROLLED, "already_enrolled already_enrolled_400 enrollment_conflict"),
    **_each(M.DENIED, "wrong_recovery_code push_denied push_denied_as_invalid_grant"),
    **_each(M.WAITING, "authorization_pending authorization_pending_200"),
    **_each(M.SLOWER, "slow_down slow_down_429"),
}

# Nothing of a start's answer is used but that it is a success.
START_GENERAL = {**GENERAL, **_each(M.FINE, "object wrong_types no_content")}

# Nor of that to a removal, which says of what is not there or must stay that it is so.
REMOVAL = {
    **GENERAL,
    **ROW_MEANINGS,
    **_each(M.FINE, "object list string wrong_types no_content"),
    **_each(M.GONE, "not_found"),
    **_each(M.REFUSED, "last_factor"),
}

# No token at all is an answer of the wrong shape, not a token that fails.
NO_TOKEN = {"missing", "empty", "number", "list", "object"}


def meaning_of(step: Step, fault: str) -> Meaning | None:
    """What a fault of the endpoint means; None for one that nobody has thought about."""
    if step.endpoint == KEYS:
        # Whatever else it may be, it is no key set. An old one serves for a day meanwhile.
        return M.FINE if step.keys == "stale_keys" else M.NO_ANSWER
    if step.endpoint.startswith(f"{LIST}/"):
        return REMOVAL.get(fault)
    general = START_GENERAL if step.endpoint == START else GENERAL
    return general.get(fault) if fault in FAULTS else ROW_MEANINGS.get(fault)


def meaning_of_token(step: Step, fault: str) -> Meaning:
    """What it means that the ID token is wrong in this way."""
    if fault in NO_TOKEN:
        return M.NO_ANSWER
    harmless = HARMLESS | PROFILE_FAULTS | (frozenset() if step.nonce else NONCE_FAULTS)
    return M.FINE if fault in harmless else M.REFUSED
