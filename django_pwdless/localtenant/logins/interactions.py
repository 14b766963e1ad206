"""Logins under way on the tenant's own pages."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django_pwdless.localtenant.clock import Clock
from django_pwdless.localtenant.people.people import Person

from .authorize_request import AuthorizeRequest

LIFETIME = 600


@dataclass
class Interaction:
    """One login between /authorize and the way back.

    ``step`` is ``identifier``, ``code`` or ``mfa``. ``person`` is known once the code was right.
    """

    key: str
    request: AuthorizeRequest
    expires_at: float
    step: str = "identifier"
    connection: str = "email"
    identifier: str = ""
    person: Person | None = None
    second_code: str = ""
    problem: str = ""


class Interactions:
    """The logins under way, by the key in their pages' address."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, Interaction] = {}

    def begin(self, request: AuthorizeRequest) -> Interaction:
        """Return a new login for ``request``."""
        interaction = Interaction(secrets.token_urlsafe(24), request, self._clock.now() + LIFETIME)
        self._known[interaction.key] = interaction
        return interaction

    def find(self, key: str) -> Interaction | None:
        """Return the login with that key, or ``None`` where it is over or too old."""
        known = self._known.get(key)
        return known if known and known.expires_at > self._clock.now() else None

    def end(self, interaction: Interaction) -> None:
        """Forget a login that is over."""
        self._known.pop(interaction.key, None)
