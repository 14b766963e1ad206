"""A token that fails verification."""

from __future__ import annotations

from .ours import PwdlessError


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
