"""The refresh token grant (RFC 6749 6; Auth0: Refresh Token Rotation)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.issued.refresh_tokens import Family
from django_pwdless.localtenant.logins.authentication import Authentication
from django_pwdless.localtenant.steps.issue import issue_tokens


def exchange(call: Call, client: Client) -> dict[str, Any]:
    """Return fresh tokens of the same login, for its audience whatever another is asked for.

    Raises ``invalid_grant``, or what a policy or an Action says to the person now.
    """
    token = call.require("refresh_token")
    family = call.state.refresh_tokens.find(token, client)
    login = _narrowed(family.login, call.optional("scope"))
    _check_person(call, family)
    new = call.state.refresh_tokens.rotate(family, token)
    tokens = issue_tokens(call.state, login)
    return tokens if new is None else {**tokens, "refresh_token": new}


def _narrowed(login: Authentication, scope: str | None) -> Authentication:
    """Return the login with the part of its scope that is asked for; all without a wish."""
    granted = login.scope.split()
    wanted = granted if scope is None else scope.split()
    scope = " ".join(name for name in granted if name in wanted)
    # Nobody proved anything now.
    return replace(login, scope=scope, nonce=None)


def _check_person(call: Call, family: Family) -> None:
    person, switches = family.login.person, call.state.switches
    if call.state.people.by_sub(person.sub) is not person:
        raise Refusal(TOKEN["refresh_token_of_nobody"])
    if person.blocked:
        raise Refusal(TOKEN["blocked_as_invalid_grant"])
    if person.denied:
        raise Refusal(TOKEN["access_denied"])
    if switches.mfa_on_refresh:
        call.state.mfa.require(family.login, 1, switches.mfa_required_status)
