"""From an error answer of Auth0's to one exception.

The decision is taken by ``error`` and, where Auth0 gives several meanings one code, by words of
``error_description``; the status alone decides only where there is nothing else to go by. What
Auth0 wrote is read here and goes no further: no page and no log line shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django_pwdless import exceptions as exc

from .misconfiguration import hint_for
from .retry_after import retry_after

# A code of Auth0's is a plain word; anything else is not repeated anywhere.
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_.\-]{1,64}")
_VISIBLE = re.compile(r"[!-~]{1,16384}")

ErrorMaker = Callable[["Answer"], exc.Auth0Error]


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: status, headers, and its JSON value (None where it is not JSON)."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    data: Any = field(repr=False)

    @property
    def error(self) -> str:
        """Auth0's code, lower-cased; empty where there is none.

        ``code`` may say more than ``error`` does: a CAPTCHA is asked for in either.
        """
        words = [self._text(key).lower() for key in ("error", "code")]
        known = (word for word in words if word in _BEFORE_STATUS or word in _BY_CODE)
        plain = (word for word in words if _PLAIN_WORD.fullmatch(word))
        return next(known, next(plain, ""))

    @property
    def description(self) -> str:
        """Auth0's text, lower-cased, to look for words in; never to show."""
        return (self._text("error_description") or self._text("description")).lower()

    @property
    def is_success(self) -> bool:
        """Whether the status says so, the body is JSON, and it is not an error all the same."""
        says_error = isinstance(self.data, dict) and self.data.get("error")
        return 200 <= self.status < 300 and self.data is not None and not says_error

    def says(self, *words: str) -> bool:
        """Whether the description holds one of these."""
        return any(word in self.description for word in words)

    def _text(self, key: str) -> str:
        value = self.data.get(key) if isinstance(self.data, dict) else None
        return value if isinstance(value, str) else ""


def error_from(answer: Answer) -> exc.Auth0Error:
    """Return the exception that an answer which is no success means."""
    if answer.error.startswith("error_sending_"):
        return _plain(exc.DeliveryFailed, answer)
    if answer.status >= 500:
        return _plain(exc.Unavailable, answer)
    if answer.error in _BEFORE_STATUS:
        return _BEFORE_STATUS[answer.error](answer)
    if answer.status == 429:
        return _rate_limited(answer)
    said = (kind for words, kind in _SAID if answer.says(words))
    if answer.error in _REFUSALS and (kind := next(said, None)) is not None:
        return _plain(kind, answer)
    if answer.error in _BY_CODE:
        return _BY_CODE[answer.error](answer)
    return _by_shape(answer)


def _plain(kind: type[exc.Auth0Error], answer: Answer) -> exc.Auth0Error:
    return kind(error=answer.error, status=answer.status)


def _rate_limited(answer: Answer, kind: type[exc.RateLimited] = exc.RateLimited) -> exc.Auth0Error:
    return kind(retry_after(answer.headers), error=answer.error, status=answer.status)


def _misconfigured(answer: Answer, like: str = "") -> exc.Auth0Error:
    hint = hint_for(like or answer.error, answer.description)
    return exc.Misconfigured(hint, error=answer.error, status=answer.status)


def _mfa_required(answer: Answer) -> exc.Auth0Error:
    token, requirements = answer.data.get("mfa_token"), answer.data.get("mfa_requirements")
    # The token goes into a header later; nothing but visible ASCII can.
    if not isinstance(token, str) or not _VISIBLE.fullmatch(token):
        message = "mfa_required without a usable mfa_token."
        return exc.Unavailable(message, error=answer.error, status=answer.status)
    wanted = requirements if isinstance(requirements, dict) else {}
    return exc.MFARequired(token, wanted, status=answer.status)


def _invalid_grant(answer: Answer) -> exc.Auth0Error:
    if answer.says("maximum number of attempts"):
        return _plain(exc.CodeExhausted, answer)
    return _plain(exc.CodeExpired if answer.says("expired") else exc.InvalidCode, answer)


def _expired_token(answer: Answer) -> exc.Auth0Error:
    # Another message brings a new oob_code, only another login a new mfa_token.
    return _plain(exc.CodeExpired if answer.says("oob_code") else exc.MFAExpired, answer)


def _invalid_request(answer: Answer) -> exc.Auth0Error:
    # Guardian says these of the person, under the code of a malformed request.
    if answer.says("too many"):
        return _rate_limited(answer)
    if answer.says("phone number is invalid"):
        return _plain(exc.InvalidIdentifier, answer)
    return _misconfigured(answer)


def _access_denied(answer: Answer) -> exc.Auth0Error:
    if answer.description.strip(" .") == "unauthorized":
        # How some tenants answer a wrong client secret.
        return _misconfigured(answer, "invalid_client")
    if answer.says("service not found"):
        return _misconfigured(answer)
    return _plain(exc.AccessDenied, answer)


def _unauthorized(answer: Answer) -> exc.Auth0Error:
    wants_secret = answer.says("client authentication")
    return _misconfigured(answer) if wants_secret else _plain(exc.AccessDenied, answer)


def _bad_connection(answer: Answer) -> exc.Auth0Error:
    if answer.says("signup", "sign up", "sign-up"):
        return _plain(exc.SignupDisabled, answer)
    return _misconfigured(answer)


def _sms_provider(answer: Answer) -> exc.Auth0Error:
    # 21211 is the provider's "not a valid phone number"; Auth0's Lock reads it the same way.
    invalid = answer.says("(code: 21211)")
    return _plain(exc.InvalidIdentifier if invalid else exc.DeliveryFailed, answer)


def _by_shape(answer: Answer) -> exc.Auth0Error:
    """Judge an error nobody has described, or a body that holds none."""
    if answer.error.startswith("too_many_"):
        return _rate_limited(answer)
    if answer.error.startswith(("bad.", "invalid_", "unsupported_")):
        return _misconfigured(answer)
    if answer.error and answer.status in (401, 403):
        return _plain(exc.AccessDenied, answer)
    # A success that cannot be read may have been one all the same.
    return _plain(exc.AnswerLost if 200 <= answer.status < 300 else exc.Unavailable, answer)


# These mean the same under any status, 429 among them.
_BEFORE_STATUS: Mapping[str, ErrorMaker] = {
    "too_many_attempts": partial(_plain, exc.TooManyAttempts),
    "authorization_pending": partial(_plain, exc.MFAPending),
    "slow_down": partial(_rate_limited, kind=exc.SlowDown),
}

# Several meanings come under each of these codes, and each meaning under several codes.
_REFUSALS = ("invalid_grant", "access_denied", "unauthorized")
_SAID: tuple[tuple[str, type[exc.Auth0Error]], ...] = (
    ("mfa_token", exc.MFAExpired),
    ("authorization rejected", exc.MFARejected),
    ("already enrolled", exc.AlreadyEnrolled),
    ("blocked", exc.UserBlocked),
)

# Codes with one meaning each.
_MEANINGS: Mapping[type[exc.Auth0Error], tuple[str, ...]] = {
    exc.UserBlocked: ("user_blocked", "user is blocked"),
    exc.MFAExpired: ("invalid_token", "insufficient_scope", "mfa_token_invalid"),
    exc.InvalidCode: (
        *("invalid_otp", "invalid_oob_code", "invalid_binding_code", "invalid_recovery_code"),
    ),
    exc.AlreadyEnrolled: ("enrollment_conflict",),
    exc.EnrollmentRequired: ("association_required", "a0.mfa_registration_required"),
    exc.AuthenticatorNotFound: (
        *("authenticator_not_found", "invalid_authenticator", "unsupported_challenge_type"),
        "unsupported_authenticator_type",
    ),
    exc.VerificationRequired: ("requires_verification", "invalid_captcha", "invalid_recaptcha"),
    exc.InvalidIdentifier: (
        *("bad.email", "bad.phone_number", "invalid_email", "invalid_phone_number"),
    ),
    exc.Unavailable: ("server_error", "temporarily_unavailable"),
}

_BY_CODE: Mapping[str, ErrorMaker] = {
    **{code: partial(_plain, kind) for kind, codes in _MEANINGS.items() for code in codes},
    "mfa_required": _mfa_required,
    "invalid_grant": _invalid_grant,
    "expired_token": _expired_token,
    "invalid_request": _invalid_request,
    "access_denied": _access_denied,
    "unauthorized": _unauthorized,
    "bad.connection": _bad_connection,
    "sms_provider_error": _sms_provider,
    "unauthorized_client": _misconfigured,
}
