"""The tokens of a sign-in, as its row keeps them: sealed for that row alone."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from django_pwdless.auth0.types import TokenSet
from django_pwdless.conf import conf
from django_pwdless.models import SignIn
from django_pwdless.session.stored import restore, seal, unseal
from django_pwdless.sign_ins.liveness import mark_of

from .access_token import AccessToken

# The most that Auth0 lets an access token live, in seconds ("Update Access Token Lifetime").
LONGEST = 2_592_000


@dataclass(frozen=True)
class KeptTokens:
    """An access token and what refreshes it; ``subject`` is whose they are at Auth0.

    ``expires_at`` is UNIX seconds. They are of use only where the settings still name the tenant,
    application and API that they came from: a refresh token goes to no other.
    """

    subject: str
    issuer: str
    client_id: str
    audience: str
    access_token: str = field(repr=False)
    expires_at: float
    scope: str
    refresh_token: str = field(default="", repr=False)

    @classmethod
    def of_login(cls, tokens: TokenSet, subject: str, asked_at: float) -> KeptTokens:
        """Return what is kept of the answer to a login that was asked for at ``asked_at``."""
        return cls(
            subject=subject,
            issuer=conf.issuer,
            client_id=conf.CLIENT_ID,
            audience=conf.AUDIENCE or "",
            access_token=tokens.access_token or "",
            expires_at=_expiry(tokens, asked_at),
            scope=tokens.scope,
            refresh_token=tokens.refresh_token or "",
        )

    @classmethod
    def of_row(cls, row: SignIn) -> KeptTokens | None:
        """Return the row's tokens; None where it has none that can be opened and used."""
        context = _context(row.user_id, mark_of(row.created_at))
        kept = restore(cls, unseal(row.tokens, context=context)) if row.tokens else None
        source = (conf.issuer, conf.CLIENT_ID, conf.AUDIENCE or "")
        if kept is None or (kept.issuer, kept.client_id, kept.audience) != source:
            return None
        return kept

    def sealed(self, user_pk: Any, mark: str) -> str:
        """Return them sealed for the row of this user and mark."""
        return seal(dict(vars(self)), context=_context(user_pk, mark))

    def renewed(self, tokens: TokenSet, asked_at: float) -> KeptTokens:
        """Return what the answer to a refresh leaves; without rotation the refresh token stays."""
        return dataclasses.replace(
            self,
            access_token=tokens.access_token or "",
            expires_at=_expiry(tokens, asked_at),
            scope=tokens.scope or self.scope,
            refresh_token=tokens.refresh_token or self.refresh_token,
        )

    def without_access(self) -> KeptTokens:
        """Return them with nothing to call an API with, only to refresh."""
        return dataclasses.replace(self, access_token="", expires_at=0.0)

    @property
    def seconds_left(self) -> float:
        """How long the access token is good for."""
        return self.expires_at - time.time()

    @property
    def access(self) -> AccessToken:
        """The access token for the site's own code."""
        expires_at = datetime.fromtimestamp(self.expires_at, tz=timezone.utc)
        return AccessToken(self.access_token, expires_at, frozenset(self.scope.split()))


def _expiry(tokens: TokenSet, asked_at: float) -> float:
    """Count from when it was asked for: a late answer has used up some of it."""
    return asked_at + min(max(tokens.expires_in or 0, 0), LONGEST)


def _context(user_pk: Any, mark: str) -> str:
    """Name purpose and row: by what is known of it before it is written, and never changes."""
    return f"tokens\0{user_pk}\0{mark}"
