"""Every exception of the package, in one tree::

    PwdlessError
    ├── Auth0Error                  Auth0 said no, or could not be heard
    │   ├── Unavailable             no answer, a late one, 5xx, or one nobody can read
    │   │   ├── DeliveryFailed      Auth0 could not deliver the message
    │   │   └── AnswerLost          asked, perhaps done, and no answer that can be read
    │   ├── Misconfigured           a setting here or at Auth0 is wrong; ``hint`` says which
    │   ├── RateLimited             429; ``retry_after`` seconds
    │   │   └── SlowDown            polled too fast
    │   ├── TooManyAttempts         Auth0's brute-force protection
    │   ├── InvalidIdentifier       Auth0 does not take this address or number
    │   ├── SignupDisabled          sign-ups are off and nobody has this identifier
    │   ├── UserBlocked             the person is blocked at Auth0
    │   ├── InvalidCode             a code or authorization code that is wrong or used up
    │   │   ├── CodeExpired         too old
    │   │   └── CodeExhausted       too many tries; a new one is needed
    │   ├── AccessDenied            an Action or rule refused
    │   ├── VerificationRequired    Auth0 wants a CAPTCHA or another interactive proof
    │   ├── MFARequired             a second factor; ``mfa_token`` and ``requirements``
    │   ├── MFAExpired              the ``mfa_token`` is over
    │   ├── MFAPending              the push notification has no answer yet
    │   ├── MFARejected             the push notification was denied
    │   ├── EnrollmentRequired      the person has no second factor
    │   ├── AlreadyEnrolled         the person has one already
    │   └── AuthenticatorNotFound   the chosen authenticator is gone
    ├── InvalidToken                a token that fails verification
    │   ├── InvalidSignature        signature, algorithm or header
    │   ├── UnknownKey              no key of that id in the key set
    │   ├── InvalidIssuer           iss
    │   ├── InvalidAudience         aud, azp
    │   ├── InvalidTime             exp, iat, nbf, auth_time
    │   ├── InvalidSubject          sub
    │   ├── InvalidNonce            nonce
    │   ├── InvalidKind             typ, or a claim of another kind of token
    │   └── InvalidClaim            scope, permissions, azp, client_id, gty
    ├── BearerRefused               a call of the site's API that is not let in
    ├── TokenUnavailable            no access token of this person's; ``reason``
    ├── LimitExceeded               one of our own limits; ``retry_after`` seconds
    │   └── SentJustNow             the same message, within the cooldown
    ├── LimitsUnavailable           the cache that counts is down
    ├── LoginRefused                proven, but not let in; ``reason``
    │   ├── NotSignedIn             Auth0's own pages ended without a login, by Cancel most often
    │   └── IdentityTaken           somebody else's, proven while adding it
    ├── StepMissing                 a step reached without the one before it
    └── CallbackRefused             the return from Auth0 cannot be used; ``outcome``

Messages never hold an identifier, a code, a token or a secret.
"""

from __future__ import annotations

from typing import Any


class PwdlessError(Exception):
    """The root of everything this package raises on purpose."""


class Auth0Error(PwdlessError):
    """Auth0 refused a request or could not be heard.

    ``error`` is the wire code where it is a plain word, ``status`` the HTTP status, 0 without one.
    """

    def __init__(self, message: str = "", *, error: str = "", status: int = 0) -> None:
        super().__init__(message or self.__doc__)
        self.error = error
        self.status = status


class Unavailable(Auth0Error):
    """Auth0 gave no answer, a late one, a server error, or one that cannot be read."""

    # ``failure`` names what broke on the wire, such as ``ConnectTimeout``; empty with an answer.
    def __init__(
        self, message: str = "", *, error: str = "", status: int = 0, failure: str = ""
    ) -> None:
        super().__init__(message, error=error, status=status)
        self.failure = failure


class DeliveryFailed(Unavailable):
    """Auth0 could not deliver the message."""


class AnswerLost(Unavailable):
    """Auth0 was asked and may have done it; the answer did not come, or cannot be read."""


class Misconfigured(Auth0Error):
    """A setting here or at Auth0 is wrong; ``hint`` says which, for the log."""

    def __init__(self, hint: str, *, error: str = "", status: int = 0) -> None:
        super().__init__(hint, error=error, status=status)
        self.hint = hint


class RateLimited(Auth0Error):
    """Auth0 answered 429; try again after ``retry_after`` seconds."""

    def __init__(self, retry_after: int = 60, *, error: str = "", status: int = 429) -> None:
        super().__init__(error=error, status=status)
        self.retry_after = retry_after


class SlowDown(RateLimited):
    """A push notification is asked about too often (RFC 8628, section 3.5)."""


class TooManyAttempts(Auth0Error):
    """Auth0's brute-force protection blocks this person or address for now."""


class InvalidIdentifier(Auth0Error):
    """Auth0 does not take this address or number."""


class SignupDisabled(Auth0Error):
    """Sign-ups are off and nobody has this identifier; never shown to anybody."""


class UserBlocked(Auth0Error):
    """The person is blocked at Auth0; never shown to anybody."""


class InvalidCode(Auth0Error):
    """The code, or authorization code, is wrong, used up or superseded."""


class CodeExpired(InvalidCode):
    """The code is too old."""


class CodeExhausted(InvalidCode):
    """Too many wrong codes; a new one is needed."""


class AccessDenied(Auth0Error):
    """An Action or rule at Auth0 refused the login."""


class VerificationRequired(Auth0Error):
    """Auth0 wants an interactive proof, such as a CAPTCHA, that an API call cannot give."""


class MFARequired(Auth0Error):
    """A second factor is required.

    ``mfa_token`` permits the second step for 10 minutes; ``requirements`` is Auth0's
    ``mfa_requirements`` object as it came, empty where there was none.
    """

    def __init__(
        self,
        mfa_token: str,
        requirements: dict[str, Any] | None = None,
        *,
        error: str = "mfa_required",
        status: int = 403,
    ) -> None:
        super().__init__(error=error, status=status)
        self.mfa_token = mfa_token
        self.requirements: dict[str, Any] = requirements or {}


class MFAExpired(Auth0Error):
    """The ``mfa_token`` has expired or is not accepted any more."""


class MFAPending(Auth0Error):
    """The push notification has not been answered yet."""


class MFARejected(Auth0Error):
    """The push notification was denied."""


class EnrollmentRequired(Auth0Error):
    """The person has no second factor to challenge."""


class AlreadyEnrolled(Auth0Error):
    """The person has a second factor already; the ``mfa_token`` cannot add another."""


class AuthenticatorNotFound(Auth0Error):
    """The chosen authenticator does not exist any more."""


class InvalidToken(PwdlessError):
    """A token failed verification (OpenID Connect Core 1.0, section 3.1.3.7; RFC 9068)."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.__doc__)


class InvalidSignature(InvalidToken):
    """The signature, its algorithm or the header is not acceptable."""


class UnknownKey(InvalidToken):
    """The tenant publishes no key of that id."""


class InvalidIssuer(InvalidToken):
    """``iss`` is not the configured tenant."""


class InvalidAudience(InvalidToken):
    """``aud`` does not name this client or API, or ``azp`` names another client."""


class InvalidTime(InvalidToken):
    """``exp``, ``iat``, ``nbf`` or ``auth_time`` is missing, unreadable or out of range."""


class InvalidSubject(InvalidToken):
    """``sub`` is missing or not a usable string."""


class InvalidNonce(InvalidToken):
    """``nonce`` is not the one that was sent."""


class InvalidKind(InvalidToken):
    """The token is of another kind than the one that is wanted here."""


class InvalidClaim(InvalidToken):
    """``scope``, ``permissions``, ``azp``, ``client_id`` or ``gty`` is of a wrong type."""


class BearerRefused(PwdlessError):
    """A call of the site's own API is not let in (RFC 6750, section 3.1).

    ``status`` is the answer's; ``error`` its code, empty where no token came; ``scope`` what would
    be needed; ``retry_after`` seconds where it is not the caller's fault.
    """

    def __init__(
        self, status: int, error: str = "", *, scope: str = "", retry_after: int | None = None
    ) -> None:
        super().__init__(f"Call refused: {status} {error}".rstrip() + ".")
        self.status = status
        self.error = error
        self.scope = scope
        self.retry_after = retry_after


class TokenUnavailable(PwdlessError):
    """There is no access token of this person's to call an API with.

    ``reason`` is ``anonymous`` (nobody is signed in, or their account is not active),
    ``not_kept`` (the sign-in has none), ``expired`` (and there is no refresh token), ``revoked``
    (the refresh token is over) or ``mfa_required`` (Auth0 wants a second factor first).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"No access token: {reason}.")
        self.reason = reason


class LimitExceeded(PwdlessError):
    """One of our own limits is reached; try again after ``retry_after`` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(self.__doc__)
        self.retry_after = retry_after


class SentJustNow(LimitExceeded):
    """The same message was sent within ``RESEND_COOLDOWN``; nothing was sent or counted now."""


class LimitsUnavailable(PwdlessError):
    """The cache that counts is down, and ``RATE_LIMIT_FAIL_OPEN`` is off."""


class LoginRefused(PwdlessError):
    """A person who proved their identity is not let in.

    ``reason`` is one of ``blocked``, ``denied``, ``inactive``, ``unknown``, ``conflict``,
    ``token`` and ``mfa``, as in the signal ``login_refused``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"Login refused: {reason}.")
        self.reason = reason


class NotSignedIn(LoginRefused):
    """Auth0's own pages ended without a login: by Cancel, or an Action refused."""

    def __init__(self) -> None:
        super().__init__("denied")


class IdentityTaken(LoginRefused):
    """The identity that a signed-in person wants to add belongs to somebody else."""

    def __init__(self) -> None:
        super().__init__("conflict")


class StepMissing(PwdlessError):
    """A step was reached without the one before it, or too late."""


class CallbackRefused(PwdlessError):
    """What came back to the callback cannot be used; ``outcome`` is a stable code."""

    def __init__(self, outcome: str) -> None:
        super().__init__(f"Callback refused: {outcome}.")
        self.outcome = outcome
