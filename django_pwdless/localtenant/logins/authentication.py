"""Somebody's proven login at an application."""

from __future__ import annotations

from dataclasses import dataclass

from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.people.people import Person

OTP = "otp"
LINK = "link"
REDIRECT = "redirect"

#: What is granted where no scope was asked for.
DEFAULT_SCOPE = "openid profile email"


@dataclass(frozen=True)
class Authentication:
    """Who logged in where, by which way (``otp``, ``link``, ``redirect``): tokens follow from it.

    ``auth_time`` is in seconds since the epoch; ``amr`` and ``acr`` are claims, given only by
    logins on the tenant's own pages.
    """

    client: Client
    person: Person
    scope: str
    audience: str | None
    origin: str = OTP
    nonce: str | None = None
    auth_time: int | None = None
    amr: tuple[str, ...] = ()
    acr: str | None = None
    sid: str | None = None

    @property
    def scopes(self) -> list[str]:
        """The scope, split; a link never gives a refresh token."""
        wanted = self.scope.split()
        return [s for s in wanted if s != "offline_access" or self.origin != LINK]
