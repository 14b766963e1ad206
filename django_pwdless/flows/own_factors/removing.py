"""Remove a second factor, never the last one."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from django_pwdless.auth0.types import Authenticator
from django_pwdless.exceptions import AccessDenied, AuthenticatorNotFound
from django_pwdless.flows.second_factor.telling import tell_removed
from django_pwdless.provider import get_client
from django_pwdless.session.factor_access import FactorAccess
from django_pwdless.session.web_session import save_session

from . import listing, proof
from .policy import must_stay
from .turns import one_at_a_time


@dataclass(frozen=True)
class Removal:
    """What came of a wish to remove ``authenticator``.

    ``outcome`` is ``removed``, ``gone`` (removed before), ``last`` or ``stays``.
    """

    outcome: str
    authenticator: Authenticator | None = None


def remove(request: HttpRequest, authenticator_id: str) -> Removal:
    """Remove the one of this id, never the last one.

    The list is read afresh before: another browser may have removed one. Raises ``Http404`` for an
    id that is not in the person's list, and ``StepMissing`` where the step-up is over.
    """
    with one_at_a_time(proof.require(request).user_pk):
        return _remove_in_turn(request, authenticator_id)


def _remove_in_turn(request: HttpRequest, authenticator_id: str) -> Removal:
    access = proof.require(request)
    if is_gone(access, authenticator_id):
        return Removal("gone")
    was_listed = access.authenticators is not None
    if was_listed:
        listing.find(access, authenticator_id)
    access = listing.refresh(request)
    if was_listed and authenticator_id not in {it.id for it in access.confirmed}:
        return Removal("gone")
    item = listing.find(access, authenticator_id)
    if must_stay(item, access.confirmed):
        return Removal("last", item)
    return _remove(request, access, item)


def is_gone(access: FactorAccess, authenticator_id: str) -> bool:
    """Whether it was removed here, and is not listed all the same."""
    listed = {item.id for item in access.confirmed}
    return authenticator_id in access.removed and authenticator_id not in listed


def _remove(request: HttpRequest, access: FactorAccess, item: Authenticator) -> Removal:
    try:
        with listing.unless_over(request, access):
            get_client().mfa.delete_authenticator(access.token, item.id)
    except AccessDenied:
        return Removal("stays", item)
    except AuthenticatorNotFound:
        return Removal("gone", item)
    access.removed.append(item.id)
    access.authenticators = [it for it in access.authenticators or () if it.id != item.id]
    access.save(request)
    # Before the session is saved, which may have ended meanwhile.
    tell_removed(request, item.factor)
    save_session(request)
    listing.list_quietly(request, access)
    return Removal("removed", item)
