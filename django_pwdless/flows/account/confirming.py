"""Before ways to sign in are changed: signed-in people confirm that it is them, by a new code."""

from __future__ import annotations

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest

from django_pwdless.flows.sending import start
from django_pwdless.identifiers.identifier import Identifier, parse_identifier
from django_pwdless.identifiers.methods import code_method, offered_connections
from django_pwdless.models import Identity
from django_pwdless.session.fresh_login import fresh_login
from django_pwdless.session.pending_login import RECONFIRM, PendingLogin
from django_pwdless.session.web_session import own_user_pk

from .identities import own_identities


def needs_proof(request: HttpRequest) -> bool:
    """Whether the signed-in person has to prove again who they are, before ways in are changed."""
    return fresh_login(request) is None


def confirmable_identities(request: HttpRequest) -> list[Identity]:
    """Return those of them that a code can be sent to, in the person's own session."""
    if own_user_pk(request) is None:
        return []
    return [identity for identity in own_identities(request) if _identifier_of(identity)]


def reconfirm(request: HttpRequest, *, pk: str, next_url: str) -> PendingLogin:
    """Send a fresh code to the person's own identity of this primary key.

    Raises ``Http404`` for any other, and as ``sending.start``.
    """
    own = {str(identity.pk): identity for identity in confirmable_identities(request)}
    identifier = _identifier_of(own[pk]) if pk in own else None
    if identifier is None:
        raise Http404
    return start(
        request,
        identifier=identifier,
        method=code_method(identifier.connection),
        next_url=next_url,
        kind=RECONFIRM,
    )


def _identifier_of(identity: Identity) -> Identifier | None:
    """Return where a code for it can go: what Auth0 told is held to the rules of the form."""
    offered = offered_connections()
    for connection, value in (("email", identity.email), ("sms", identity.phone_number)):
        if value and connection in offered:
            with suppress(ValidationError):
                return parse_identifier(value, frozenset({connection}))
    return None
