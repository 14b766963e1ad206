"""The root of the tree, and what this app itself says no to: a call, a limit, a person, a step."""

from __future__ import annotations


class PwdlessError(Exception):
    """The root of everything this package raises on purpose."""


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
