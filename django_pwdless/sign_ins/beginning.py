"""Each login, whichever backend made it, begins a sign-in; confirming keeps the one there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from django_pwdless.exceptions import StepMissing
from django_pwdless.models import Identity, SignIn
from django_pwdless.session.login_record import LoginRecord, SignInEntry, session_login

from .ending import discard_session, end_entry
from .liveness import mark_of
from .rows import moment, rows

ANNOUNCED = "_pwdless_announced"
USER_AGENT_LENGTH = 200


@dataclass(frozen=True)
class Login:
    """What is known of a login that is about to happen; ``sid`` is Auth0's session id, or empty.

    ``replaced`` is a sign-in that it takes the place of. ``tokens`` seals the login's tokens for
    its row, given the user's primary key and the row's mark; None leaves the row's own alone.
    """

    identity: Identity | None = None
    method: str = ""
    mfa_factor: str = ""
    sid: str = ""
    replaced: SignInEntry | None = None
    tokens: Callable[[Any, str], str] | None = field(default=None, repr=False)

    @property
    def identity_pk(self) -> int | None:
        """The identity's key: the object may come from a replica, where no row is written."""
        return None if self.identity is None else self.identity.pk


def announce(request: HttpRequest, login: Login) -> None:
    """Say what kind of login Django is told of next."""
    setattr(request, ANNOUNCED, login)


@receiver(session_login)
def _begin(*, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Make a row, one statement; where the session has one of this user's, keep that."""
    login = _announced(request, user)
    entry = SignInEntry.load(request)
    if entry is not None and _note(entry, user, login):
        return
    if login.replaced is not None:
        end_entry(login.replaced, request, "replaced")
    _make(request, user, login)


def _announced(request: HttpRequest, user: Any) -> Login:
    """Return what was announced of this user's login.

    A receiver may sign in somebody else after it, who has proven nothing of that.
    """
    login: Login | None = getattr(request, ANNOUNCED, None)
    if login is None or login.identity is None or login.identity.user_id != user.pk:
        return Login()
    return login


def confirm(request: HttpRequest, user: Any, login: Login) -> None:
    """Keep the session's row, and note in it what was proven now.

    Raises ``StepMissing`` where the sign-in has ended meanwhile.
    """
    entry = SignInEntry.load(request)
    if entry is not None and not _note(entry, user, login):
        discard_session(request)
        raise StepMissing


def _note(entry: SignInEntry, user: Any, login: Login) -> bool:
    """Note a proof in the session's row; False where this user has no such row any more."""
    proven: dict[str, Any] = {}
    if login.mfa_factor:
        proven["mfa_factor"] = login.mfa_factor
    if login.sid:
        # Auth0's newest session of this browser is the one that will end here.
        proven |= {"sid": login.sid, "identity_id": login.identity_pk}
    elif login.identity is not None:
        proven["identity_id"] = Coalesce(F("identity_id"), login.identity_pk)
    if login.tokens is not None:
        # A refresh of those before, under way now, comes too late.
        proven |= {"tokens": login.tokens(user.pk, entry.mark), "refresh_state": ""}
        proven |= {"tokens_version": F("tokens_version") + 1, "refresh_until": None}
    row = rows().filter(pk=entry.id, user_id=user.pk)
    return bool(row.update(**proven)) if proven else row.exists()


def register(request: HttpRequest, user: Any) -> None:
    """Make the row of a session from before there were any."""
    record = LoginRecord.of_session(request)
    login = Login(method=record.method, mfa_factor=record.mfa_factor) if record else Login()
    _make(request, user, login)


def _make(request: HttpRequest, user: Any, login: Login) -> None:
    expires_at = request.session.get_expiry_date().timestamp()
    created_at = timezone.now()
    mark = mark_of(created_at)
    row: SignIn = rows().create(
        user_id=user.pk,
        created_at=created_at,
        identity_id=login.identity_pk,
        expires_at=moment(expires_at),
        method=login.method,
        mfa_factor=login.mfa_factor,
        sid=login.sid,
        user_agent=_user_agent(request),
        tokens=login.tokens(user.pk, mark) if login.tokens else "",
    )
    SignInEntry(row.pk, mark, expires_at).save(request)


def _user_agent(request: HttpRequest) -> str:
    """Return what the browser calls itself; PostgreSQL fails on a NUL."""
    text = request.META.get("HTTP_USER_AGENT", "")[:USER_AGENT_LENGTH]
    return "".join(filter(str.isprintable, text))
