"""Several ways to sign in for one person: add one, remove one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest

from django_pwdless.events.outcome import IDENTITY_REMOVED, Outcome
from django_pwdless.events.telling import tell
from django_pwdless.exceptions import StepMissing
from django_pwdless.flows.sending import start
from django_pwdless.identifiers.identifier import Identifier, identifier_of
from django_pwdless.identifiers.methods import code_method
from django_pwdless.identities.accounts import database, forget_address, locked_user, rows
from django_pwdless.models import Identity, is_made_up
from django_pwdless.session.fresh_login import FRESH, fresh_login
from django_pwdless.session.pending_login import IDENTITY_ADD, PendingLogin
from django_pwdless.session.web_session import own_user_pk


def own_identities(request: HttpRequest) -> list[Identity]:
    """Return the signed-in person's identities, oldest first."""
    if not request.user.is_authenticated:
        return []
    return list(rows().filter(user_id=request.user.pk).order_by("created_at", "pk"))


def signed_in_name(request: HttpRequest) -> str:
    """Return what the signed-in person goes by: their address, else the user name.

    A user name of our making says nothing to anybody: then it is their oldest address or number.
    """
    user: Any = request.user
    name = str(user.get_username())
    address = getattr(user, user.get_email_field_name(), "")
    if address or not is_made_up(name):
        return str(address or name)
    labels = (identity.email or identity.phone_number for identity in own_identities(request))
    return next(filter(None, labels), name)


def begin_adding(request: HttpRequest, *, identifier: Identifier, next_url: str) -> PendingLogin:
    """Send a code to the address or number that is to be added; raises as ``sending.start``.

    It has to be typed while the login is fresh; raises ``StepMissing`` where it is not.
    """
    record = fresh_login(request)
    if record is None:
        raise StepMissing
    return start(
        request,
        identifier=identifier,
        method=code_method(identifier.connection),
        next_url=next_url,
        kind=IDENTITY_ADD,
        must_end_at=int(record.at) + FRESH,
    )


def removing(request: HttpRequest, pk: str) -> Identity | None:
    """Return which identity of theirs the person is asked about; None where none may be removed."""
    own = {str(identity.pk): identity for identity in own_identities(request)}
    return own.get(pk) if len(own) > 1 else None


def remove_identity(request: HttpRequest, pk: int) -> Identity | None:
    """Remove an identity of the signed-in person and return it; None, nothing done, for the last.

    Raises ``Http404`` for somebody else's.
    """
    with transaction.atomic(using=database()):
        # Two removals at once wait for each other.
        user = locked_user(own_user_pk(request), using=database())
        own = list(rows().filter(user=user).order_by("created_at", "pk"))
        removed = next((identity for identity in own if identity.pk == pk), None)
        if removed is None:
            raise Http404
        if len(own) == 1:
            return None
        rows().filter(pk=pk).delete()
        forget_address(user, removed, [identity for identity in own if identity != removed])
    who = identifier_of(removed.email or removed.phone_number)
    tell(Outcome(IDENTITY_REMOVED, request, user_pk=user.pk, identifier=who, identity=removed))
    return removed


def masked_name(identity: Identity) -> str:
    """Return half of its address or number, enough for its owner; empty where it has neither."""
    name = identifier_of(identity.email or identity.phone_number)
    return name.masked if name else ""
