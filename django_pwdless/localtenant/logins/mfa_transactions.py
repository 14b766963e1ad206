"""Logins that wait for a second factor, by their ``mfa_token``."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import NoReturn

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.clock import Clock
from django_pwdless.localtenant.people.authenticators import Authenticator

from .authentication import Authentication

LIFETIME = 600


@dataclass
class MfaTransaction:
    """One login after its first factor.

    ``steps_left`` counts the factors still wanted, ``used`` holds the ids of those given.
    ``enrolling`` are authenticators to become active with the next right answer.
    ``is_by_access_token`` where it is no login but somebody who adds a factor afterwards.
    """

    token: str
    login: Authentication
    expires_at: float
    steps_left: int = 1
    used: frozenset[str] = frozenset()
    enrolling: list[Authenticator] = field(default_factory=list)
    is_by_access_token: bool = False

    @property
    def usable(self) -> list[Authenticator]:
        """The authenticators of the person that were not used in this login yet."""
        return [a for a in self.login.person.factors if a.id not in self.used]

    @property
    def active(self) -> list[Authenticator]:
        """Those of :attr:`usable` that are confirmed."""
        return [authenticator for authenticator in self.usable if authenticator.active]


class MfaTransactions:
    """The transactions by token; a token that is too old is still known as such."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, MfaTransaction] = {}

    def begin(
        self, login: Authentication, steps: int, used: frozenset[str] = frozenset()
    ) -> MfaTransaction:
        """Return a new transaction for ``login``."""
        token = f"Fe26.2*1*{secrets.token_hex(32)}*{secrets.token_urlsafe(420)}"
        expires_at = self._clock.now() + LIFETIME
        transaction = MfaTransaction(token, login, expires_at, steps, used)
        self._known[token] = transaction
        return transaction

    def begin_by_access_token(
        self, token: str, login: Authentication, expires_at: float
    ) -> MfaTransaction:
        """Return the transaction of an access token for the MFA API, begun where there is none."""
        new = MfaTransaction(token, login, expires_at, is_by_access_token=True)
        return self._known.setdefault(token, new)

    def find(self, token: str, client: Client | None = None) -> MfaTransaction:
        """Return the transaction of ``token``; raise ``invalid_grant`` or ``expired_token``."""
        transaction = self._known.get(token)
        if transaction is None or client not in (None, transaction.login.client):
            raise Refusal(TOKEN["malformed_mfa_token"])
        if transaction.expires_at <= self._clock.now():
            raise Refusal(TOKEN["expired_mfa_token"])
        return transaction

    def end(self, transaction: MfaTransaction) -> None:
        """Forget a transaction that came to its end."""
        self._known.pop(transaction.token, None)

    def require(
        self,
        login: Authentication,
        steps: int,
        status: int,
        used: frozenset[str] = frozenset(),
    ) -> NoReturn:
        """Begin a transaction and raise the ``mfa_required`` that hands out its token."""
        transaction = self.begin(login, steps, used)
        row = TOKEN["mfa_required" if status == 403 else "mfa_required_401"]
        row = row.adding(mfa_token=transaction.token)
        requirements = login.person.requirements(transaction.active)
        if requirements is not None:
            row = row.adding(mfa_requirements=requirements)
        raise Refusal(row)
