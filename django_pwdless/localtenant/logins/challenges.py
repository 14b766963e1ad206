"""Out-of-band challenges: something was sent, and its answer is waited for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django_pwdless.localtenant.clock import Clock
from django_pwdless.localtenant.people.authenticators import Authenticator

from .mfa_transactions import MfaTransaction

LIFETIME = 300
PENDING = "pending"
APPROVED = "approved"
DENIED = "denied"


@dataclass
class Challenge:
    """One thing sent: ``oob_code`` names it, ``binding_code`` is what the person has to type.

    A push has no binding code; ``answer`` is what was pressed on the phone.
    """

    number: int
    oob_code: str
    transaction: MfaTransaction
    authenticator: Authenticator
    expires_at: float
    binding_code: str | None = None
    answer: str = PENDING
    polls: int = 0
    is_enrollment: bool = False


class Challenges:
    """The open challenges; a new one for an authenticator voids the one before."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, Challenge] = {}
        self._count = 0

    def begin(
        self,
        transaction: MfaTransaction,
        authenticator: Authenticator,
        binding_code: str | None,
        is_enrollment: bool = False,
    ) -> Challenge:
        """Return a new challenge."""
        for old in list(self._known.values()):
            if old.authenticator is authenticator:
                del self._known[old.oob_code]
        self._count += 1
        oob_code = f"Fe26.2*1*{secrets.token_hex(32)}*{secrets.token_urlsafe(120)}"
        expires_at = self._clock.now() + LIFETIME
        challenge = Challenge(
            self._count, oob_code, transaction, authenticator, expires_at, binding_code
        )
        challenge.is_enrollment = is_enrollment
        self._known[oob_code] = challenge
        return challenge

    def find(self, oob_code: str, transaction: MfaTransaction) -> Challenge | None:
        """Return that challenge of this very login, or ``None``."""
        challenge = self._known.get(oob_code)
        return challenge if challenge and challenge.transaction is transaction else None

    def is_expired(self, challenge: Challenge) -> bool:
        """Return whether it is too late to answer."""
        return challenge.expires_at <= self._clock.now()

    def end(self, challenge: Challenge) -> None:
        """Forget a challenge that was answered."""
        self._known.pop(challenge.oob_code, None)

    def pushes(self) -> list[Challenge]:
        """Return the pushes that somebody could still answer, newest first."""
        waiting = [
            challenge
            for challenge in self._known.values()
            if challenge.binding_code is None
            and challenge.answer == PENDING
            and not self.is_expired(challenge)
        ]
        return waiting[::-1]

    def answer(self, number: int | None, answer: str) -> Challenge:
        """Press a button on the phone, for the newest push where ``number`` is ``None``.

        Raises LookupError where no such push waits, ValueError for an unknown ``answer``.
        """
        if answer not in (APPROVED, DENIED):
            raise ValueError(f"an answer is {APPROVED!r} or {DENIED!r}")
        for challenge in self.pushes():
            if number in (None, challenge.number):
                challenge.answer = answer
                return challenge
        raise LookupError("no push waits for an answer")

    def standing(self, to: str, code: str) -> str:
        """Return what became of a code that was sent to ``to``: ``good``, ``spent``…"""
        for challenge in self._known.values():
            if challenge.binding_code == code and challenge.authenticator.target == to:
                return "expired" if self.is_expired(challenge) else "good"
        return "spent"
