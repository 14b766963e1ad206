"""Verify an ID token: OpenID Connect Core 1.0, section 3.1.3.7."""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django_pwdless import exceptions as exc

from .signed_token import Claims, SignedToken, is_number

MAX_SESSION_ID_LENGTH = 255


@dataclass(frozen=True)
class IDTokenVerifier:
    """Checks ID tokens whose one audience is this client."""

    rules: SignedToken
    client_id: str

    def verify(self, token: str, *, nonce: str | None = None, max_age: int | None = None) -> Claims:
        """Return the claims of a token that passes every rule.

        ``nonce`` is the one that was sent, None where none was; ``max_age`` likewise, in seconds.
        Raises a member of the ``InvalidToken`` family, or ``Unavailable`` where the key set cannot
        be had.
        """
        _, claims = self.rules.read(token)
        self._check_auth_time(claims)
        self._check_authorized_party(claims)
        _check_nonce(claims, nonce)
        if max_age is not None:
            self._check_age(claims, max_age)
        return claims

    def _check_authorized_party(self, claims: Claims) -> None:
        """Rules 4 and 5: several audiences need ``azp``, and it names this client."""
        audience, party = claims["aud"], claims.get("azp")
        if isinstance(audience, list) and len(audience) > 1 and party is None:
            raise exc.InvalidAudience
        if party is not None and party != self.client_id:
            raise exc.InvalidAudience

    def _check_auth_time(self, claims: Claims) -> None:
        """Nobody proves themselves in the future, also where nobody asked when: it is kept."""
        auth_time: Any = claims.get("auth_time")
        if type(auth_time) in (int, float) and auth_time > time.time() + self.rules.leeway:
            raise exc.InvalidTime

    def _check_age(self, claims: Claims, max_age: int) -> None:
        """Rule 13: the person proved themselves no longer than ``max_age`` ago."""
        auth_time: Any = claims.get("auth_time")
        if not is_number(auth_time) or auth_time + max_age + self.rules.leeway < time.time():
            raise exc.InvalidTime


def session_id(claims: Mapping[str, Any]) -> str:
    """Return ``sid``, the id of Auth0's own session; an empty string without a usable one."""
    value = claims.get("sid")
    if not isinstance(value, str) or len(value) > MAX_SESSION_ID_LENGTH:
        return ""
    return value if value.isascii() and value.isprintable() else ""


def _check_nonce(claims: Claims, nonce: str | None) -> None:
    """Rule 11, in constant time; without a nonce sent, none is looked at."""
    if nonce is None:
        return
    answered = claims.get("nonce")
    if not isinstance(answered, str) or not answered:
        raise exc.InvalidNonce
    # A lone surrogate, which JSON can spell, becomes a question mark: no nonce of ours holds one.
    if not hmac.compare_digest(answered.encode(errors="replace"), nonce.encode()):
        raise exc.InvalidNonce
