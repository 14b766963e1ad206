"""Access tokens: who they stand for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django_pwdless.localtenant.clients.api import LIFETIME
from django_pwdless.localtenant.clock import Clock


@dataclass(frozen=True)
class Grant:
    """What an access token permits, to whom, until when."""

    sub: str
    client_id: str
    scope: str
    audience: str | None
    expires_at: float


class AccessTokens:
    """The access tokens that were given out, opaque ones and JWTs."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._grants: dict[str, Grant] = {}

    def issue(self, sub: str, client_id: str, scope: str, lifetime: int = LIFETIME) -> str:
        """Return a new opaque token for ``sub``."""
        token = secrets.token_urlsafe(24)
        self.keep(token, sub, client_id, scope, None, lifetime)
        return token

    def keep(
        self,
        token: str,
        sub: str,
        client_id: str,
        scope: str,
        audience: str | None,
        lifetime: int = LIFETIME,
    ) -> None:
        """Remember what a token stands for that was made elsewhere."""
        expires_at = self._clock.now() + lifetime
        self._grants[token] = Grant(sub, client_id, scope, audience, expires_at)

    def find(self, token: str) -> Grant | None:
        """Return what ``token`` permits, or ``None`` where it is unknown or too old."""
        grant = self._grants.get(token)
        return grant if grant and grant.expires_at > self._clock.now() else None
