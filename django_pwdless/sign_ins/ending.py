"""Ending sign-ins: one's own, all of a user, those of a logout."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from django_pwdless.conf import conf
from django_pwdless.events.outcome import SIGN_IN_ENDED, Outcome
from django_pwdless.events.telling import tell
from django_pwdless.exceptions import StepMissing
from django_pwdless.models import SignIn
from django_pwdless.session.login_record import LoginRecord, SignInEntry
from django_pwdless.session.web_session import session_user_pk

from .rows import database, rows, tolerated

BATCH = 500

#: A person signs out, and the row is still there. Arguments: ``request``, ``entry``. What a
#: receiver returns is called once the row is gone, and that is committed.
signing_out = Signal()


def end(user: Any, *, but: HttpRequest | None = None) -> int:
    """End each sign-in of a user; return how many there were.

    ``but`` is a request that keeps its own. They count as ended from the next request on, once
    the transaction is committed.
    """
    ended = rows().filter(user_id=user.pk)
    own = None if but is None else own_entry(but)
    return end_rows(ended if own is None else ended.exclude(pk=own.id), "ended", but)


async def aend(user: Any, *, but: HttpRequest | None = None) -> int:
    """Do what ``end`` does, from a coroutine."""
    return await sync_to_async(end)(user, but=but)


def own_entry(request: HttpRequest) -> SignInEntry | None:
    """Return the request's own sign-in; a session from before gets one now."""
    return SignInEntry.load(request) if request.user.is_authenticated else None


def end_rows(
    chosen: QuerySet[SignIn], reason: str, request: HttpRequest | None = None, *, by: str = "pk"
) -> int:
    """Delete these rows, some at a time; return how many. ``by`` is an index that finds them.

    ``reason`` and ``request`` tell why they end, and from where; without a reason nobody is told.
    """
    total = 0
    # Of a replica that lags they would never be gone.
    chosen = chosen.using(database())
    while found := list(chosen.order_by(by).values_list("pk", "user_id", "method")[:BATCH]):
        total += rows().filter(pk__in=[pk for pk, _user, _method in found]).delete()[0]
        for _pk, user_pk, method in found if reason else ():
            tell(Outcome(SIGN_IN_ENDED, request, method, reason, user_pk=user_pk))
    return total


def end_entry(entry: SignInEntry, request: HttpRequest, reason: str) -> None:
    """End the sign-in of a session that is over anyway; whose it was nobody can tell any more."""
    if _delete(entry):
        tell(Outcome(SIGN_IN_ENDED, request, reason=reason))


def _delete(entry: SignInEntry) -> bool:
    """Delete the row of a session; return whether it was there."""
    is_deleted = False
    with tolerated("end a sign-in"):
        is_deleted = rows().filter(pk=entry.id).delete()[0] > 0
    return is_deleted


def require_standing(request: HttpRequest) -> None:
    """Raise ``StepMissing`` where the sign-in has ended while Auth0 answered."""
    entry = SignInEntry.load(request) if conf.SIGN_INS else None
    if entry is not None and not rows().filter(pk=entry.id).exists():
        discard_session(request)
        raise StepMissing


def discard_session(request: HttpRequest) -> None:
    """Leave nothing of the request's session, and nobody signed in."""
    with tolerated("delete a session"):
        request.session.flush()
    if request.session.session_key is not None:
        # Not deleted, but of no use to anybody: its row is gone.
        request.session = type(request.session)()
    request.user = AnonymousUser()


@receiver(user_logged_out)
def _end_own(*, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    if request is None or not hasattr(request, "session"):
        return
    if user is not None and session_user_pk(request) is not None:
        record = LoginRecord.of_session(request)
        method = record.method if record else ""
        tell(Outcome(SIGN_IN_ENDED, request, method, "logout", user_pk=user.pk))
    entry = SignInEntry.load(request) if conf.SIGN_INS else None
    if entry is not None:
        replies: list[tuple[Any, Any]] = signing_out.send(
            sender=SignIn, request=request, entry=entry
        )
        _delete(entry)
        for task in (reply for _receiver, reply in replies if reply is not None):
            transaction.on_commit(task, using=database(), robust=True)
