"""Refresh tokens: one family a login, whose newest member alone works where they rotate."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.clock import Clock
from django_pwdless.localtenant.logins.authentication import Authentication
from django_pwdless.localtenant.switches import Switches


@dataclass(eq=False)
class Family:
    """All refresh tokens of one login; ``previous`` is the one that ``newest`` took the place of.

    ``expires_at`` is fixed when the first is issued, ``used_at`` moves with each exchange.
    """

    login: Authentication
    newest: str
    expires_at: float
    used_at: float
    previous: str | None = None
    rotated_at: float = 0.0
    is_over: bool = False


class RefreshTokens:
    """The refresh tokens that were given out (Auth0: Refresh Token Rotation)."""

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self._clock = clock
        self._switches = switches
        self._families: dict[str, Family] = {}

    def issue(self, login: Authentication) -> str:
        """Return the first token of a new family."""
        token, now = _new_token(), self._clock.now()
        family = Family(login, token, now + self._switches.refresh_lifetime, now)
        self._families[token] = family
        return token

    def find(self, token: str, client: Client) -> Family:
        """Return the family of a token that works; raise ``invalid_grant`` for any other.

        One that was rotated, used again past the leeway or by whoever holds an older one, ends
        the whole family.
        """
        family = self._families.get(token)
        if family is None or family.login.client is not client or self._is_over(family):
            raise Refusal(TOKEN["unknown_refresh_token"])
        if token not in (family.newest, self._overlapping(family)):
            family.is_over = True
            raise Refusal(TOKEN["reused_refresh_token"])
        return family

    def rotate(self, family: Family, token: str) -> str | None:
        """Return the token that takes the place of the one used; None where they do not rotate."""
        family.used_at = self._clock.now()
        if not self._switches.refresh_rotation:
            return None
        new = _new_token()
        if token == family.newest:
            family.rotated_at = family.used_at
        family.previous, family.newest = token, new
        self._families[new] = family
        return new

    def revoke(self, token: str, client: Client) -> None:
        """End the family of a token, if it is one of this client's."""
        family = self._families.get(token)
        if family is None or family.login.client is not client:
            return
        for each in self._families.values():
            is_same_grant = each.login.person is family.login.person and each.login.client is client
            if each is family or (self._switches.revoke_deletes_grant and is_same_grant):
                each.is_over = True

    def _is_over(self, family: Family) -> bool:
        now, idle = self._clock.now(), self._switches.refresh_idle_lifetime
        return family.is_over or now >= min(family.expires_at, family.used_at + idle)

    def _overlapping(self, family: Family) -> str | None:
        """Return the token before the newest while it still works."""
        is_within = self._clock.now() < family.rotated_at + self._switches.refresh_leeway
        return family.previous if is_within else None


def _new_token() -> str:
    return f"v1.{secrets.token_urlsafe(32)}"
