"""``PendingMFA``: what is kept, encrypted, between the steps of a second factor."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass, field

from django.http import HttpRequest

from django_pwdless.auth0.types import Authenticator, Requirements
from django_pwdless.exceptions import StepMissing
from django_pwdless.limits.cooldown import seconds_left

from .pending_login import FACTOR_ADD, PendingLogin
from .stored import restore, seal, unseal

# Auth0's fixed lifetime of an mfa_token, in seconds ("Multi-factor Authentication API").
MFA_TOKEN_LIFETIME = 600
# Twelve answers a minute are allowed (Auth0, "Rate Limit Policy").
POLL_INTERVAL = 5
ENROLLMENT = ""


@dataclass
class Challenge:
    """One authenticator that was challenged, or, with an empty ``authenticator``, is enrolled.

    ``oob_code`` names it at Auth0; without ``needs_code`` it is a push notification. ``secret`` and
    ``barcode_uri`` are shown while enrolling. Times are UNIX seconds, ``interval`` seconds.
    """

    authenticator: str
    factor: str
    channel: str = ""
    hint: str = ""
    oob_code: str | None = field(default=None, repr=False)
    needs_code: bool = True
    secret: str | None = field(default=None, repr=False)
    barcode_uri: str | None = field(default=None, repr=False)
    phone_number: str = field(default="", repr=False)
    sent_at: float | None = None
    last_call_at: float = field(default_factory=time.time)
    interval: int = POLL_INTERVAL

    @property
    def is_enrollment(self) -> bool:
        """Whether answering it confirms a new authenticator."""
        return self.authenticator == ENROLLMENT

    @property
    def can_resend(self) -> bool:
        """Whether a message was sent that can be sent again."""
        is_sent = self.sent_at is not None
        return is_sent and (not self.is_enrollment or self.factor == "phone")

    @property
    def resend_wait(self) -> int:
        """Seconds until it may be sent again."""
        return seconds_left(self.sent_at)

    @property
    def poll_wait(self) -> float:
        """Seconds until Auth0 may be asked about it again."""
        return min(self.last_call_at + self.interval - time.time(), self.interval)


@dataclass
class PendingMFA:
    """The ``mfa_token`` with all that belongs to it; lives in the pending login, sealed.

    Where somebody adds a factor afterwards, an access token of the MFA API stands in its place.

    ``authenticators`` is None until they could be listed. ``challenges`` are by authenticator id,
    ``current`` the one shown now. ``recovery_codes`` wait for the login to show them; ``nonce``
    and ``max_age`` are what the ID token of a redirect's login must still answer to.
    """

    mfa_token: str = field(repr=False)
    requirements: Requirements
    authenticators: list[Authenticator] | None = None
    challenges: dict[str, Challenge] = field(default_factory=dict)
    current: str | None = None
    recovery_codes: list[str] = field(default_factory=list, repr=False)
    nonce: str | None = field(default=None, repr=False)
    max_age: int | None = None
    expires_at: float = field(default_factory=lambda: time.time() + MFA_TOKEN_LIFETIME)

    @classmethod
    def require(cls, request: HttpRequest) -> tuple[PendingLogin, PendingMFA]:
        """Return the pending login and its second factor; raises as ``of``."""
        pending = PendingLogin.require(request)
        return pending, cls.of(request, pending)

    @classmethod
    def of(cls, request: HttpRequest, pending: PendingLogin) -> PendingMFA:
        """Return the second factor of a pending login.

        Raises ``StepMissing`` where there is none, or its time is over; whom the login was for is
        kept then, to start again.
        """
        if not pending.mfa:
            raise StepMissing
        mfa = restore(cls, unseal(pending.mfa))
        if mfa is None or mfa.expires_in <= 0:
            pending.time_out(request)
        return mfa

    @classmethod
    def of_login(cls, request: HttpRequest) -> tuple[PendingLogin, PendingMFA]:
        """Return them where a login waits for its second factor; raises as ``require``.

        Somebody who adds a factor afterwards has nothing to choose there.
        """
        pending, mfa = cls.require(request)
        if pending.kind == FACTOR_ADD:
            raise StepMissing
        return pending, mfa

    def save(self, request: HttpRequest, pending: PendingLogin) -> None:
        """Keep it."""
        pending.mfa = seal(dataclasses.asdict(self))
        pending.save(request)

    @property
    def expires_in(self) -> int:
        """Seconds until the ``mfa_token`` expires."""
        return max(0, int(self.expires_at - time.time()))

    @property
    def challenge(self) -> Challenge | None:
        """The challenge or enrollment that is shown now."""
        return None if self.current is None else self.challenges.get(self.current)

    def require_challenge(self) -> Challenge:
        """Return it; raises ``StepMissing`` where nothing was chosen."""
        if self.challenge is None:
            raise StepMissing
        return self.challenge

    def show(self, challenge: Challenge) -> None:
        """Make this the challenge or enrollment that is shown now."""
        self.challenges[challenge.authenticator] = challenge
        self.current = challenge.authenticator
