"""Whom the bearer token of a call to /mfa/* stands for.

It is an ``mfa_token``, or an access token of the audience ``/mfa/`` with the scope of the call
(Auth0: Manage Authentication Factors with the MFA API).
"""

from __future__ import annotations

from django_pwdless.localtenant.answers.documented_errors import AUTHENTICATORS, TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.issued.access_tokens import Grant
from django_pwdless.localtenant.logins.authentication import Authentication
from django_pwdless.localtenant.logins.mfa_transactions import MfaTransaction
from django_pwdless.localtenant.people.people import Person


def owner(call: Call, scope: str) -> Person:
    """Return whose access token it is; raise ``invalid_mfa_token`` or ``insufficient_scope``."""
    return _owner(call, scope)[1]


def begun_login(call: Call) -> MfaTransaction | None:
    """Return the login that an ``mfa_token`` belongs to, ``None`` for any other bearer.

    Raises ``expired_mfa_token``.
    """
    try:
        transaction = call.state.mfa.find(call.bearer() or "")
    except Refusal as refusal:
        if refusal.row is TOKEN["malformed_mfa_token"]:
            return None
        raise
    return None if transaction.is_by_access_token else transaction


def enrollment(call: Call) -> MfaTransaction:
    """Return what an enrollment is confirmed with: the login, or a transaction of its own.

    An access token stands in the place of the ``mfa_token`` there too.
    """
    if transaction := begun_login(call):
        return transaction
    grant, person = _owner(call, "enroll")
    client = call.state.clients.find(grant.client_id)
    login = Authentication(client, person, grant.scope, grant.audience)
    return call.state.mfa.begin_by_access_token(call.bearer() or "", login, grant.expires_at)


def _owner(call: Call, scope: str) -> tuple[Grant, Person]:
    grant = call.state.access_tokens.find(call.bearer() or "")
    person = call.state.people.by_sub(grant.sub) if grant else None
    if grant is None or person is None or grant.audience != call.state.mfa_audience:
        raise Refusal(AUTHENTICATORS["invalid_mfa_token"])
    if scope not in grant.scope.split():
        raise Refusal(AUTHENTICATORS["insufficient_scope"])
    return grant, person
