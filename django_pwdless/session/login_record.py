"""What the session has of its login: how and when its person signed in, its row, new codes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from django_pwdless.conf import conf
from django_pwdless.identifiers.methods import EMAIL_LINK, UNIVERSAL

from .factor_access import ACCESS_KEY
from .pending_login import BEGUN_KEYS
from .stored import restore, seal, unseal
from .web_session import own_user_pk, session_pk_of, session_user_pk

LOGIN_KEY = "_pwdless_login"
SIGN_IN_KEY = "_pwdless_sign_in"
RECOVERY_KEY = "_pwdless_recovery_codes"
# Where a request has the record of the login that Django is told of next.
ANNOUNCED = "_pwdless_login_record"

#: Django's ``login`` has written a user into the session, of a site with ``SIGN_INS``. Arguments:
#: ``request``, ``user``.
session_login = Signal()


@dataclass(frozen=True)
class LoginRecord:
    """One login: whose, when (UNIX seconds), by which of ``METHODS``, its second factor if any.

    ``method`` is empty for a login that did not come through this app, by a password say.
    """

    user_pk: str
    at: float = field(default_factory=time.time)
    method: str = ""
    mfa_at: float | None = None
    mfa_factor: str = ""

    @classmethod
    def load(cls, request: HttpRequest) -> LoginRecord | None:
        """Return the record of the login of who asks; None where the session is not theirs."""
        record = cls.of_session(request)
        return record if record and record.user_pk == own_user_pk(request) else None

    @classmethod
    def of_session(cls, request: HttpRequest) -> LoginRecord | None:
        """Return the record of the session's own user, whoever asks: it proves nothing."""
        stored = request.session.get(LOGIN_KEY)
        record = None if stored is None else restore(cls, stored)
        return record if record and record.user_pk == session_user_pk(request) else None

    def save(self, request: HttpRequest) -> None:
        """Keep it for the rest of the session, in place of any other."""
        request.session[LOGIN_KEY] = dict(vars(self))

    def announce(self, request: HttpRequest) -> None:
        """Have it saved where Django signs its person in next, and nobody else instead."""
        setattr(request, ANNOUNCED, self)

    @property
    def came_by_redirect(self) -> bool:
        """Whether Auth0 may hold a session of its own for this login."""
        return self.method in (EMAIL_LINK, UNIVERSAL)

    def has_mfa(self, max_age: float | None = None) -> bool:
        """Whether a second factor was proven, within the last ``max_age`` seconds if given."""
        if self.mfa_at is None:
            return False
        return max_age is None or 0 <= time.time() - self.mfa_at <= max_age


@dataclass(frozen=True)
class SignInEntry:
    """Its ``SignIn`` row by id; ``mark`` tells it from another that got the same id later.

    ``expires_at`` (UNIX seconds) is what the row says of the session's end.
    """

    id: int
    mark: str
    expires_at: float

    @classmethod
    def load(cls, request: HttpRequest) -> SignInEntry | None:
        """Return the session's entry; None where it has none.

        One that cannot be read stands for no row: the session ends with it.
        """
        stored = request.session.get(SIGN_IN_KEY)
        return None if stored is None else restore(cls, stored) or cls(0, "", 0.0)

    def save(self, request: HttpRequest) -> None:
        """Keep it, in place of any other."""
        request.session[SIGN_IN_KEY] = dict(vars(self))


@dataclass(frozen=True)
class RecoveryCodes:
    """New codes of the session's person: encrypted, until they have saved them or sign out."""

    codes: tuple[str, ...] = field(repr=False)

    @classmethod
    def load(cls, request: HttpRequest) -> RecoveryCodes | None:
        """Return the signed-in person's own unconfirmed codes; None without any."""
        sealed = request.session.get(RECOVERY_KEY)
        user_pk = own_user_pk(request) if sealed else None
        if user_pk is None:
            return None
        match unseal(sealed):
            case {"user_pk": owner, "codes": stored} if owner == user_pk:
                codes = restore(tuple[str, ...], stored)
                return cls(codes) if codes else None
        return None

    @staticmethod
    def keep(request: HttpRequest, codes: list[str]) -> None:
        """Keep new codes of the person who has just signed in; without any, do nothing."""
        if codes:
            owner = session_user_pk(request)
            request.session[RECOVERY_KEY] = seal({"user_pk": owner, "codes": codes})

    @staticmethod
    def confirm(request: HttpRequest) -> None:
        """The person has saved them: forget them."""
        request.session.pop(RECOVERY_KEY, None)


@receiver(user_logged_in)
def _record_login(*, request: HttpRequest | None = None, user: Any = None, **kwargs: Any) -> None:
    """Any login, a password's too, starts a record of its own, with nothing left of another.

    Neither a second factor is inherited, nor what somebody else had begun in this browser. A record
    that was announced is saved also where it only confirms the login that the session has.
    """
    session = getattr(request, "session", None)
    # APIs send the signal too when they hand out a token: for anybody, without a session, or in one
    # that has long been this person's and that they proved nothing in just now.
    if request is None or user is None or session is None or not session.modified:
        return
    user_pk = session_user_pk(request)
    if user_pk != session_pk_of(user):
        return
    # ``authenticate`` names its backend on the user; a user of the session's has none.
    is_login = hasattr(user, "backend") or LoginRecord.of_session(request) is None
    announced: LoginRecord | None = getattr(request, ANNOUNCED, None)
    if announced is not None and announced.user_pk == user_pk:
        announced.save(request)
    elif is_login:
        LoginRecord(user_pk or "").save(request)
    if is_login:
        for key in (*BEGUN_KEYS, ACCESS_KEY):
            session.pop(key, None)
        if conf.SIGN_INS:
            session_login.send(sender=type(user), request=request, user=user)
