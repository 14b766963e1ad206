"""Verify a logout token: OpenID Connect Back-Channel Logout 1.0, section 2.6."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from typing import Any

from django_pwdless import exceptions as exc

from .id_token import session_id
from .signed_token import Claims, SignedToken

TYPES = frozenset({"jwt", "logout+jwt", "application/logout+jwt"})
EVENT = "http://schemas.openid.net/event/backchannel-logout"
# Auth0 makes them good for 120 seconds; the rest is clock skew.
MAX_AGE = 150
# Auth0 waits 5 seconds for the answer ("OIDC Back-Channel Logout").
KEYS_WITHIN = 2


@dataclass(frozen=True, repr=False)
class LogoutToken:
    """Whose sign-ins end: those of a session at Auth0, those of a subject, or what both name.

    ``session_id`` and ``subject`` are empty where the token has none; ``issued_at`` is UNIX
    seconds.
    """

    issuer: str
    subject: str
    session_id: str
    issued_at: float


@dataclass(frozen=True)
class LogoutTokenVerifier:
    """Checks logout tokens, which anybody can send."""

    rules: SignedToken

    @classmethod
    def sharing(cls, rules: SignedToken) -> LogoutTokenVerifier:
        """Return the verifier with the keys and pins of ID tokens."""
        required = ("iss", "aud", "iat", "exp")
        return cls(
            dataclasses.replace(rules, from_strangers=True, required=required, within=KEYS_WITHIN)
        )

    def verify(self, token: str) -> LogoutToken:
        """Return what a token says that passes every rule.

        Raises a member of the ``InvalidToken`` family, or ``Unavailable`` where the key set cannot
        be had.
        """
        header, claims = self.rules.read(token)
        _check_kind(header, claims)
        if claims["iat"] + MAX_AGE < time.time():
            raise exc.InvalidTime
        if "sid" in claims and not session_id(claims):
            raise exc.InvalidClaim
        if not {"sub", "sid"}.intersection(claims):
            raise exc.InvalidSubject
        return LogoutToken(
            claims["iss"], claims.get("sub", ""), session_id(claims), float(claims["iat"])
        )


def _check_kind(header: dict[str, Any], claims: Claims) -> None:
    """An ID token, whatever its ``nonce``, ends nothing, and neither does any other event."""
    kind = header.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower() not in TYPES:
        raise exc.InvalidKind
    events = claims.get("events")
    is_logout = isinstance(events, dict) and isinstance(events.get(EVENT), dict)
    if not is_logout or "nonce" in claims:
        raise exc.InvalidKind
