"""What a signed-in person has, and the step-up that shows it.

Each call is made with the access token of a fresh step-up (``FactorAccess``), and with no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.http import Http404, HttpRequest

from django_pwdless.auth0.types import Authenticator, TokenSet
from django_pwdless.exceptions import (
    MFAExpired,
    Misconfigured,
    PwdlessError,
    StepMissing,
)
from django_pwdless.limits import rates
from django_pwdless.pages.owner_log import MFA_API, tell_owner_of_factor_token
from django_pwdless.provider import get_client
from django_pwdless.session.factor_access import FactorAccess

from . import proof

# A token that ends this much before its time by our clock has been refused.
CLOCK_SKEW = 30


def arrive(request: HttpRequest, tokens: TokenSet, identity: str) -> None:
    """Keep what a step-up has brought; ``identity`` is the digest of the one that was proven.

    Raises ``Misconfigured`` where there is no access token in it.
    """
    if tokens.access_token is None:
        raise Misconfigured(MFA_API)
    FactorAccess.begin(request, tokens.access_token, tokens.expires_in, identity)


def list_on_arrival(request: HttpRequest) -> None:
    """List what the person has who has just come back from the step-up.

    Where that fails, the token is kept and ``refresh`` tries again. Raises ``Misconfigured`` where
    Auth0 takes no token that it has given just now.
    """
    access = proof.require(request)
    try:
        list_afresh(request, access)
    except MFAExpired as error:
        proof.end(request)
        raise Misconfigured(MFA_API, error=error.error, status=error.status) from error


def refresh(request: HttpRequest) -> FactorAccess:
    """List afresh what the person has; raises ``StepMissing`` where the step-up is over."""
    access = proof.require(request)
    rates.consume_setup(request, "factors", pending=access.id)
    with unless_over(request, access):
        list_afresh(request, access)
    return access


def find(access: FactorAccess, authenticator_id: str) -> Authenticator:
    """Return the one of this id; raises ``Http404`` for an id that is not in the person's list."""
    own = {item.id: item for item in access.confirmed}
    if authenticator_id not in own:
        raise Http404
    return own[authenticator_id]


def list_quietly(request: HttpRequest, access: FactorAccess) -> None:
    """List after a change that has happened, whatever comes of the list."""
    with suppress(PwdlessError):
        list_afresh(request, access)


@contextmanager
def unless_over(request: HttpRequest, access: FactorAccess) -> Iterator[None]:
    """End the step-up, and raise ``StepMissing``, where Auth0 takes its token no more."""
    try:
        yield
    except MFAExpired as error:
        if access.expires_in > CLOCK_SKEW:
            tell_owner_of_factor_token()
        proof.end(request)
        raise StepMissing from error


def list_afresh(request: HttpRequest, access: FactorAccess) -> None:
    """List what there is, unconfirmed ones too; nothing of it is known where that fails."""
    access.authenticators = None
    access.save(request)
    found = get_client().mfa.list_authenticators(access.token, with_unconfirmed=True)
    access.authenticators, access.has_begun = list(found), False
    access.save(request)
