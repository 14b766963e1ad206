"""Ending sign-ins: one's own, all of a user, those of a logout."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_out
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest

from django_pwdless.conf import conf
from django_pwdless.exceptions import StepMissing
from django_pwdless.models import SignIn
from django_pwdless.session.sign_in_entry import SignInEntry

from .rows import rows, tolerated

BATCH = 500


def end(user: Any, *, but: HttpRequest | None = None) -> int:
    """End each sign-in of a user; return how many there were.

    ``but`` is a request that keeps its own. They count as ended from the next request on, once
    the transaction is committed.
    """
    ended = rows().filter(user_id=user.pk)
    own = None if but is None else own_entry(but)
    return end_rows(ended if own is None else ended.exclude(pk=own.id))


async def aend(user: Any, *, but: HttpRequest | None = None) -> int:
    """Do what ``end`` does, from a coroutine."""
    return await sync_to_async(end)(user, but=but)


def own_entry(request: HttpRequest) -> SignInEntry | None:
    """Return the request's own sign-in; a session from before gets one now."""
    return SignInEntry.load(request) if request.user.is_authenticated else None


def end_rows(chosen: QuerySet[SignIn]) -> int:
    """Delete these rows, some at a time; return how many."""
    total = 0
    while pks := list(chosen.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        total += rows().filter(pk__in=pks).delete()[0]
    return total


def end_entry(entry: SignInEntry) -> None:
    """End the sign-in of a session that is over anyway."""
    with tolerated("end a sign-in"):
        rows().filter(pk=entry.id).delete()


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
def _end_own(*, request: HttpRequest | None, **kwargs: Any) -> None:
    if not conf.SIGN_INS or request is None or not hasattr(request, "session"):
        return
    entry = SignInEntry.load(request)
    if entry is not None:
        end_entry(entry)
