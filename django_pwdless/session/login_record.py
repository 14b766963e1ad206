"""What the session remembers of its login: how and when its person signed in, and its row."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from django_pwdless.identifiers.methods import EMAIL_LINK, UNIVERSAL

from .factor_access import FactorAccess
from .pending_login import forget_begun
from .stored import restore
from .web_session import is_session_of, own_user_pk, session_user_pk

LOGIN_KEY = "_pwdless_login"
SIGN_IN_KEY = "_pwdless_sign_in"
# Changing the ways to sign in needs a login younger than this, in seconds.
FRESH = 600

#: Django's ``login`` has written a user into the session. Arguments: ``request``, ``user``.
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
        record = restore(cls, request.session.get(LOGIN_KEY))
        return record if record and record.user_pk == session_user_pk(request) else None

    def save(self, request: HttpRequest) -> None:
        """Keep it for the rest of the session, in place of any other."""
        request.session[LOGIN_KEY] = dict(vars(self))

    @property
    def is_fresh(self) -> bool:
        """Whether the person proved who they are within the last ten minutes."""
        return 0 <= time.time() - self.at < FRESH

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


@receiver(user_logged_in)
def _record_login(*, request: HttpRequest | None = None, user: Any = None, **kwargs: Any) -> None:
    """Any login, a password's too, starts a record of its own, with nothing left of another.

    Neither a second factor is inherited, nor what somebody else had begun in this browser.
    """
    if request is not None and user is not None and _is_login(request, user):
        LoginRecord(session_user_pk(request) or "").save(request)
        forget_begun(request)
        FactorAccess.forget(request)
        session_login.send(sender=type(user), request=request, user=user)


def _is_login(request: HttpRequest, user: Any) -> bool:
    """Whether Django's ``login`` has just written this user into the session.

    APIs send the signal too when they hand out a token: for anybody, without a session, or in one
    that has long been this person's and that they proved nothing in just now.
    """
    session = getattr(request, "session", None)
    if session is None or not session.modified or not is_session_of(request, user):
        return False
    # ``authenticate`` names its backend on the user; a user of the session's has none.
    return hasattr(user, "backend") or LoginRecord.of_session(request) is None
