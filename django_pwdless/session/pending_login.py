"""``PendingLogin``: what the session keeps between two steps. The only file that knows its keys."""

from __future__ import annotations

import math
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django.http import HttpRequest

from django_pwdless.conf import conf
from django_pwdless.exceptions import StepMissing
from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.limits import tries
from django_pwdless.limits.cooldown import seconds_left

from .redirect_states import STATES_KEY
from .stored import restore, seal, unseal
from .web_session import save_session, session_user_pk

PENDING_KEY = "_pwdless_pending"
# All that can be begun: a login, and ways to Auth0 and back.
BEGUN_KEYS = (PENDING_KEY, STATES_KEY)
# Tries Auth0 gives each code ("Passwordless", limits).
TRIES_PER_CODE = 3
# How long an expired login still says whom it was for, in seconds.
REMEMBERED = 600

# Kinds: a login; a signed-in person proving themselves again, here or with a second factor at
# Auth0, or to manage their second factors; a signed-in person adding an identity, or a factor.
LOGIN = "login"
RECONFIRM = "reconfirm"
STEP_UP = "step-up"
FACTORS = "factors"
IDENTITY_ADD = "identity-add"
FACTOR_ADD = "factor-add"


def _now() -> int:
    return int(time.time())


@dataclass
class PendingLogin:
    """A login that has begun, one a session, bound to its kind, connection and identifier.

    ``user_pk`` is the signed-in person it is bound to, None for a login. ``sent_at`` is when the
    last message was accepted for sending, None where none was; ``wrong_tries`` counts wrong codes
    since then; ``expires_at`` moves with each successful step, but ``must_end_at`` does not. All
    times are UNIX seconds. ``mfa`` is the sealed ``PendingMFA``, empty before one is asked for.
    It ends by ``clear``, ``time_out`` or ``forget_begun``, or as its time is over.
    """

    method: str
    connection: str
    identifier: str = field(repr=False)
    next_url: str = ""
    kind: str = LOGIN
    user_pk: str | None = None
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    expires_at: int = field(default_factory=lambda: _now() + math.ceil(conf.PENDING_LIFETIME))
    must_end_at: int | None = None
    mfa: str = ""
    sent_at: int | None = None
    wrong_tries: int = 0

    @classmethod
    def load(cls, request: HttpRequest) -> PendingLogin | None:
        """Return the session's pending login, if it has one that has not expired.

        What a signed-in person began is there for them alone.
        """
        pending = cls.remembered(request)
        return None if pending is None or pending.is_over else pending

    @classmethod
    def remembered(cls, request: HttpRequest) -> PendingLogin | None:
        """Return it also for a while after it expired, to say again whom it was for."""
        user_pk = session_user_pk(request)
        if user_pk is not None:
            # Before it is read: a sign-in that has ended takes its session with it.
            request.user.is_authenticated  # noqa: B018
            user_pk = session_user_pk(request)
        pending = restore(cls, unseal(request.session.get(PENDING_KEY)))
        if pending is None or pending.expires_at + REMEMBERED <= time.time():
            return None
        return pending if pending.user_pk in (None, user_pk) else None

    def save(self, request: HttpRequest) -> None:
        """Keep it as the session's one pending login.

        Sealed: the frames of a session that cannot be saved show all that is in it.
        """
        request.session[PENDING_KEY] = seal(dict(vars(self)))

    @classmethod
    def require(cls, request: HttpRequest) -> PendingLogin:
        """Return the session's pending login; raises ``StepMissing`` without one."""
        pending = cls.load(request)
        if pending is None:
            raise StepMissing
        return pending

    def save_at_once(self, request: HttpRequest) -> None:
        """Keep it now; raises ``StepMissing`` where the session has ended meanwhile."""
        self.save(request)
        save_session(request)

    @staticmethod
    def clear(request: HttpRequest) -> None:
        """End it: refused, or no message can be sent; other ways back from Auth0 stay open."""
        request.session.pop(PENDING_KEY, None)

    def time_out(self, request: HttpRequest) -> NoReturn:
        """End its steps, but keep whom it is for, to start again; raises ``StepMissing``."""
        self.expires_at = _now()
        self.mfa = ""
        self.save_at_once(request)
        raise StepMissing

    def to_identifier(self) -> Identifier:
        """Return whom it is for."""
        return Identifier(self.connection, self.identifier)

    def mark_sent(self) -> None:
        """A message went out: a new code has all its tries, and time begins again."""
        # Rounded up: the page must not promise a message before the cooldown's claim has ended.
        self.sent_at = math.ceil(time.time())
        self.wrong_tries = 0
        self.extend()

    def extend(self) -> None:
        """A step succeeded: the pending login lasts another full lifetime."""
        self.expires_at = _now() + math.ceil(conf.PENDING_LIFETIME)

    @property
    def is_over(self) -> bool:
        """Whether its time has ended, and only whom it was for is remembered."""
        now = time.time()
        return self.expires_at <= now or (self.must_end_at is not None and self.must_end_at <= now)

    @property
    def resend_wait(self) -> int:
        """Seconds until the next message may be sent; 0 where it may be now."""
        return seconds_left(self.sent_at)

    @property
    def tries_left(self) -> int | None:
        """How often the first factor's code can still be tried, in whatever session.

        None before the first wrong try.
        """
        counted = tries.wrong_codes(self.to_identifier())
        # Without the cache this session's own are all that is known.
        wrong = self.wrong_tries if counted is None else counted
        return None if not wrong else max(0, TRIES_PER_CODE - wrong)

    @property
    def is_code_old(self) -> bool:
        """Whether the last message's code has expired by our own clock, whoever it was for."""
        return self.sent_at is not None and self.sent_at + conf.CODE_LIFETIME < time.time()

    def count_wrong_try(self) -> None:
        """A wrong code was typed: one of the first factor counts for its address everywhere."""
        self.wrong_tries += 1
        if not self.mfa:
            tries.count_wrong_code(self.to_identifier())

    def waits_as(self, other: PendingLogin) -> bool:
        """Whether this one has just sent what the other would send, and waits for its answer."""
        return self.matches(other) and not self.mfa and self.resend_wait > 0

    def matches(self, other: Any) -> bool:
        """Whether both are for the same person in the same way."""
        names = ("kind", "user_pk", "method", "connection", "identifier")
        return all(getattr(self, name) == getattr(other, name) for name in names)


def forget_begun(request: HttpRequest) -> None:
    """End all that was begun, ways back from Auth0 too: somebody has signed in, by whatever way."""
    for key in BEGUN_KEYS:
        request.session.pop(key, None)
