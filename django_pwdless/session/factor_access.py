"""``FactorAccess``: what a session may do with its person's second factors, for ten minutes.

The only file that knows these keys. Both are sealed, and name the person they are for.
"""

from __future__ import annotations

import dataclasses
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from django_pwdless.auth0.types import Authenticator

from .stored import restore, seal, unseal
from .web_session import own_user_pk, session_user_pk

ACCESS_KEY = "_pwdless_factors"
TYPED_KEY = "_pwdless_factor_typed"
# Of access tokens for the MFA API ("Manage Authentication Factors with the MFA API"); and how long
# what was typed waits for the next step-up. Seconds.
LIFETIME = 600
REMEMBERED = 1200


@dataclass
class FactorAccess:
    """An access token of the MFA API, and what it listed; the person's own, from a fresh step-up.

    ``identity`` is the digest of the one that was proven.
    ``authenticators`` holds unconfirmed ones too, and is None until they could be listed;
    ``removed`` are ids that were removed here. ``has_begun`` an enrollment since they were listed.
    ``expires_at`` is UNIX seconds.
    """

    user_pk: str
    token: str = field(repr=False)
    expires_at: float
    identity: str
    authenticators: list[Authenticator] | None = None
    removed: list[str] = field(default_factory=list)
    has_begun: bool = False
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @classmethod
    def load(cls, request: HttpRequest) -> FactorAccess | None:
        """Return what the session of who asks has; None without it, or past its time."""
        stored = request.session.get(ACCESS_KEY)
        if stored is None:
            return None
        access = restore(cls, unseal(stored))
        if access is None or access.expires_in <= 0:
            cls.forget(request)
            return None
        return access if access.user_pk == own_user_pk(request) else None

    @classmethod
    def begin(
        cls, request: HttpRequest, token: str, lifetime: int | None, identity: str
    ) -> FactorAccess:
        """Keep the token of a step-up that the session's person has just come back from."""
        seconds = LIFETIME if lifetime is None else min(lifetime, LIFETIME)
        access = cls(session_user_pk(request) or "", token, time.time() + seconds, identity)
        access.save(request)
        return access

    def save(self, request: HttpRequest) -> None:
        """Keep it."""
        request.session[ACCESS_KEY] = seal(dataclasses.asdict(self))

    @staticmethod
    def forget(request: HttpRequest) -> None:
        """End it."""
        request.session.pop(ACCESS_KEY, None)

    @property
    def expires_in(self) -> int:
        """Seconds until it ends."""
        return max(0, int(self.expires_at - time.time()))

    @property
    def confirmed(self) -> list[Authenticator]:
        """What the person has, as far as it could be listed."""
        return [item for item in self.authenticators or () if item.is_active]


def keep_typed(request: HttpRequest, fields: dict[str, str]) -> None:
    """Keep what was typed to add a factor, until it is added."""
    kept = {"fields": fields, "user_pk": own_user_pk(request), "until": time.time() + REMEMBERED}
    request.session[TYPED_KEY] = seal(kept)


def typed(request: HttpRequest) -> dict[str, str]:
    """Return what the person of this session has typed; empty without any."""
    kept: Any = unseal(request.session.get(TYPED_KEY))
    match kept:
        case {"fields": fields, "user_pk": str(owner), "until": float(until)}:
            is_theirs = owner == own_user_pk(request) and until > time.time()
            return restore(dict[str, str], fields) or {} if is_theirs else {}
    return {}


def forget_typed(request: HttpRequest) -> None:
    """It was added."""
    request.session.pop(TYPED_KEY, None)
