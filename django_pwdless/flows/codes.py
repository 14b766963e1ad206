"""The second step: a typed code."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest

from django_pwdless.conf import conf
from django_pwdless.exceptions import StepMissing
from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.identifiers.methods import EMAIL_CODE
from django_pwdless.limits import rates
from django_pwdless.pages import code_lengths
from django_pwdless.provider import get_caller, get_client
from django_pwdless.session.pending_login import IDENTITY_ADD, PendingLogin

from .attempts import Attempt, typed_code, typed_code_anywhere
from .completion import exchange_and_complete


def verify_code(request: HttpRequest, pending: PendingLogin, code: str) -> PendingLogin:
    """Exchange the code of the session's pending login and sign the person in; return that login.

    Where Auth0 asks for a second factor, ``mfa`` of it is set, and the person goes on there.
    Raises ``StepMissing``, ``InvalidCode``, ``LoginRefused``, and whatever limits and outages
    stand between.
    """
    if pending.mfa:
        # Its code has been spent.
        raise StepMissing
    rates.consume(request, "verify", pending=pending.id)
    with typed_code(request, pending) as current:
        _exchange_and_complete(request, current, pending, code)
    return pending


def verify_code_anywhere(request: HttpRequest, identifier: Identifier, code: str) -> PendingLogin:
    """Exchange the code of an address on a device that did not ask for it; sign the person in.

    A stranger can type codes here too, so its limits are tight. Returns and raises as
    ``verify_code``.
    """
    rates.consume(request, "link", identifier=identifier)
    pending = PendingLogin(
        method=EMAIL_CODE, connection=identifier.connection, identifier=identifier.value
    )
    with typed_code_anywhere(request, pending) as current:
        _exchange_and_complete(request, current, pending, code)
    return pending


def waiting_for_code(begun: PendingLogin | None) -> PendingLogin | None:
    """Return the login that a session has begun where it still waits for its first code."""
    return None if begun is None or begun.is_over or begun.mfa else begun


def _exchange_and_complete(
    request: HttpRequest, current: Attempt, pending: PendingLogin, code: str
) -> None:
    """Give the code for tokens, and sign in whoever they are for."""
    client = get_client()
    exchange = partial(
        client.passwordless.exchange_code,
        pending.connection,
        pending.identifier,
        code,
        scope=conf.scope_for(pending.connection, offline=pending.kind != IDENTITY_ADD),
        audience=conf.AUDIENCE,
        caller=get_caller(request),
    )
    exchange_and_complete(request, current, pending, client, exchange)
    if code_lengths.others:
        code_lengths.forget_others()
