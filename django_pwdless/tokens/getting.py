"""Getting an access token: as it is kept, refreshed where it is due, by one for all who wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from django_pwdless.auth0 import Caller
from django_pwdless.backends import site_backend
from django_pwdless.conf import conf
from django_pwdless.exceptions import Misconfigured, TokenUnavailable, Unavailable
from django_pwdless.models import SignIn
from django_pwdless.pages.protection import hide_frames
from django_pwdless.provider import get_caller
from django_pwdless.session.login_record import SignInEntry
from django_pwdless.session.web_session import own_user_pk
from django_pwdless.sign_ins.liveness import mark_of
from django_pwdless.sign_ins.rows import rows

from .access_token import AccessToken
from .kept_tokens import KeptTokens
from .lease import (
    LOST,
    MFA_REQUIRED,
    MISCONFIGURED,
    REVOKED,
    Lease,
    Turn,
    give_up,
    require_no_transaction,
)
from .refreshing import refresh
from .unanswered import forget_led

# Seconds between two looks at a row that another process is refreshing: together longer than the
# lease. The first are short, as most refreshes are.
PAUSES = (0.02, 0.05, 0.1, *[0.25] * 130)
# Sign-ins of one user that are looked at, the newest first.
MOST_SIGN_INS = 20

Find = Callable[[], SignIn]


@sensitive_variables()
def get_access_token(request: HttpRequest, *, min_lifetime: float = 60) -> AccessToken:
    """Return an access token of the request's own sign-in that lasts ``min_lifetime`` seconds.

    Refreshed where less is left; where no other is to be had, it may end sooner. Raises
    ``TokenUnavailable``, ``Unavailable`` where Auth0 gives no answer and the old one has expired,
    ``Misconfigured``, and ``RuntimeError`` where a refresh is due inside a transaction.
    """
    hide_frames(request)
    if not request.user.is_authenticated:
        raise TokenUnavailable("anonymous")
    user_pk, entry = own_user_pk(request), SignInEntry.load(request)
    if not conf.TOKENS or user_pk is None or entry is None:
        raise TokenUnavailable("not_kept")
    find = partial(_find, entry.id, user_pk, entry.mark)
    token = _fetch(find, min_lifetime, get_caller(request))
    forget_led(request)
    return token


@sensitive_variables()
def get_access_token_for(user: Any, *, min_lifetime: float = 60) -> AccessToken:
    """Return one of the newest sign-in of a user that has one or can refresh one.

    For code without a request. Raises as ``get_access_token``.
    """
    if user.pk is None or not _is_active(user):
        raise TokenUnavailable("anonymous")
    refusal = TokenUnavailable("not_kept")
    for row in _newest(user) if conf.TOKENS else ():
        try:
            return _fetch(_again(_of_active(row)), min_lifetime, None)
        except TokenUnavailable as error:
            refusal = error if refusal.reason == "not_kept" else refusal
    raise refusal


async def aget_access_token(request: HttpRequest, *, min_lifetime: float = 60) -> AccessToken:
    """Do what ``get_access_token`` does, from a coroutine."""
    return await sync_to_async(get_access_token)(request, min_lifetime=min_lifetime)


async def aget_access_token_for(user: Any, *, min_lifetime: float = 60) -> AccessToken:
    """Do what ``get_access_token_for`` does, from a coroutine."""
    return await sync_to_async(get_access_token_for)(user, min_lifetime=min_lifetime)


def _fetch(find: Find, min_lifetime: float, caller: Caller | None) -> AccessToken:
    """Return the token of a row, after the refresh that is due: ours, or the one we wait for."""
    is_settled = False
    for pause in PAUSES:
        row = find()
        kept = KeptTokens.of_row(row)
        if kept is None:
            raise TokenUnavailable("revoked" if row.refresh_state == REVOKED else "not_kept")
        if kept.access_token and kept.seconds_left >= min_lifetime:
            return kept.access
        turn = Turn.of(row)
        is_over = is_settled and (row.refresh_until is None or row.refresh_state == LOST)
        if is_over or turn is Turn.NOBODYS or not kept.refresh_token:
            return _as_it_is(row, kept)
        require_no_transaction()
        _take_turn(row, kept, turn, caller, pause)
        is_settled = True
    raise Unavailable("A refresh by another process took too long.")


def _take_turn(
    row: SignIn, kept: KeptTokens, turn: Turn, caller: Caller | None, pause: float
) -> None:
    """Refresh, or wait a moment for whoever does; the row then says what came of it."""
    if turn is Turn.ANOTHERS:
        time.sleep(pause)
    elif turn is Turn.OVER:
        give_up(row)
    elif lease := Lease.take(row):
        refresh(row, kept, lease, caller)


def _as_it_is(row: SignIn, kept: KeptTokens) -> AccessToken:
    """Return the token while it has time left, unless Auth0 has said no."""
    if row.refresh_state == MFA_REQUIRED:
        raise TokenUnavailable("mfa_required")
    if row.refresh_state == MISCONFIGURED:
        raise Misconfigured("Auth0 refused the application: the log says why.")
    if kept.access_token and kept.seconds_left > 0:
        return kept.access
    if not kept.refresh_token:
        raise TokenUnavailable("expired")
    raise Unavailable("The access token has expired, and Auth0 gave no other.")


def _find(pk: int, user_pk: Any, mark: str) -> SignIn:
    """Return a row as it is now, its user with it; raise ``TokenUnavailable`` where it ended."""
    row = rows().select_related("user").filter(pk=pk, user_id=user_pk).first()
    if row is None or mark_of(row.created_at) != mark:
        raise TokenUnavailable("anonymous")
    return _of_active(row)


def _of_active(row: SignIn) -> SignIn:
    if not _is_active(row.user):
        raise TokenUnavailable("anonymous")
    return row


def _is_active(user: Any) -> bool:
    backend, _path = site_backend()
    return backend.user_can_authenticate(user)


def _newest(user: Any) -> list[SignIn]:
    """Return a user's sign-ins that have not expired, the newest first."""
    standing = rows().filter(user_id=user.pk, expires_at__gt=timezone.now())
    newest = standing.select_related("user").order_by("-created_at", "-pk")
    return list(newest[:MOST_SIGN_INS])


def _again(row: SignIn) -> Find:
    """Find a row that was read just now: as it was then, and anew after that."""
    as_read = iter([row])

    def find() -> SignIn:
        first = next(as_read, None)
        return _find(row.pk, row.user_id, mark_of(row.created_at)) if first is None else first

    return find
