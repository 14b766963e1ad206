"""Sign-ins to look at and to end: a person's own, and those that an operator names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import auth
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.identities.accounts import rows as identity_rows
from django_pwdless.models import SignIn
from django_pwdless.sign_ins.ending import end, end_rows, own_entry
from django_pwdless.sign_ins.rows import rows
from django_pwdless.tokens.revoking import end_and_revoke


def own_sign_ins(request: HttpRequest) -> list[SignIn]:
    """Return those that have not expired, newest first; the request's own is ``current``."""
    entry = own_entry(request)
    own_pk = None if entry is None else entry.id
    is_shown = Q(expires_at__gt=timezone.now()) | Q(pk=own_pk)
    own = list(_rows_of(request).filter(is_shown).order_by("-created_at", "-pk"))
    for sign_in in own:
        sign_in.current = sign_in.pk == own_pk
    return own


def end_own(request: HttpRequest, pk: int) -> bool:
    """End one of them; return whether it was the request's own, which signs the person out.

    Raises ``Http404`` for somebody else's, or one that has ended already.
    """
    entry = own_entry(request)
    chosen = _rows_of(request).filter(pk=pk)
    if entry is not None and entry.id == pk and chosen.exists():
        auth.logout(request)
        return True
    if not end_rows(chosen, "ended", request):
        raise Http404
    return False


def end_others(request: HttpRequest) -> int:
    """End all but the request's own; return how many there were."""
    return end(request.user, but=request)


def end_all(*, revoke: bool = False) -> int:
    """End the sign-ins of everybody, their refresh tokens too; return how many there were."""
    return _end(rows(), revoke)


def end_of_users(pks: Iterable[Any], *, revoke: bool = False) -> int:
    """End the sign-ins of these users, their refresh tokens too; return how many there were."""
    return _end(rows().filter(user_id__in=list(pks)), revoke)


def _end(chosen: QuerySet[SignIn], revoke: bool) -> int:
    return (end_and_revoke if revoke else end_rows)(chosen, "command")


def users_with(identifier: Identifier) -> set[Any]:
    """Return the primary keys of the users who have an identity with this address or number."""
    field = "phone_number" if identifier.connection == "sms" else "email"
    # The database may compare without regard to more than case.
    return {
        identity.user_id
        for identity in identity_rows().filter(**{f"{field}__iexact": identifier.value})
        if Identifier(identifier.connection, getattr(identity, field)).key == identifier.key
    }


def clear_expired() -> int:
    """Delete the rows of sessions that have expired; return how many."""
    return end_rows(rows().filter(expires_at__lte=timezone.now()), "", by="expires_at")


def _rows_of(request: HttpRequest) -> QuerySet[SignIn]:
    user: Any = request.user
    return rows().filter(user_id=user.pk)
