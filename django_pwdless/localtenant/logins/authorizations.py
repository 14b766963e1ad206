"""Authorization codes: short-lived, for one client and one redirect_uri, once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.clock import Clock
from django_pwdless.localtenant.signing.base64url import base64url

from .authentication import Authentication

LIFETIME = 300


@dataclass(frozen=True)
class Authorization:
    """What a code stands for; ``challenge`` is PKCE's, where the login registered one."""

    login: Authentication
    redirect_uri: str
    challenge: str | None
    expires_at: float


class Authorizations:
    """The codes that were given out and not yet spent."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, Authorization] = {}

    def issue(self, login: Authentication, redirect_uri: str, challenge: str | None = None) -> str:
        """Return a new code for ``login``."""
        code = secrets.token_urlsafe(24)
        expires_at = self._clock.now() + LIFETIME
        self._codes[code] = Authorization(login, redirect_uri, challenge, expires_at)
        return code

    def spend(
        self, code: str, client: Client, redirect_uri: str | None, verifier: str | None
    ) -> Authentication:
        """Return the login behind ``code``, once; raise ``invalid_grant`` (RFC 6749 4.1.3).

        A verifier that nobody registered a challenge for is as wrong as a missing one.
        """
        known = self._codes.get(code)
        if known is None or known.expires_at <= self._clock.now():
            raise Refusal(TOKEN["invalid_code"])
        if known.login.client is not client:
            raise Refusal(TOKEN["invalid_code"])
        del self._codes[code]
        if redirect_uri != known.redirect_uri:
            raise Refusal(TOKEN["wrong_redirect_uri"])
        if not _verifies(verifier, known.challenge):
            raise Refusal(TOKEN["wrong_verifier"])
        return known.login


def _verifies(verifier: str | None, challenge: str | None) -> bool:
    if verifier is None or challenge is None:
        return verifier is challenge
    digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
    return base64url(digest) == challenge
