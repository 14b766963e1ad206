"""Auth0 said no, or could not be heard."""

from __future__ import annotations

from typing import Any

from .ours import PwdlessError


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
