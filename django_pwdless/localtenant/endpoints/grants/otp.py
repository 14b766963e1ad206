"""The passwordless OTP grant: a typed code becomes tokens."""

from __future__ import annotations

from typing import Any

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.logins.authentication import DEFAULT_SCOPE, Authentication
from django_pwdless.localtenant.people.people import Person
from django_pwdless.localtenant.steps.access_tokens import check_audience
from django_pwdless.localtenant.steps.mfa_completion import tokens_or_mfa
from django_pwdless.localtenant.steps.proof import prove_code

BRUTE_FORCE_WINDOW = 30 * 86400


def exchange(call: Call, client: Client) -> dict[str, Any]:
    """Return the token response for ``username``, ``otp`` and ``realm``."""
    realm, username, otp = (call.require(name) for name in ("realm", "username", "otp"))
    if realm not in client.connections:
        raise Refusal(TOKEN["wrong_email_code"])
    check_audience(call.state, call.optional("audience"))
    person = _prove(call, client, realm, username.strip().lower(), otp)
    if person.denied:
        raise Refusal(TOKEN["access_denied"])
    authentication = Authentication(
        client,
        person,
        call.optional("scope") or DEFAULT_SCOPE,
        call.optional("audience"),
    )
    return tokens_or_mfa(call, authentication)


def _prove(call: Call, client: Client, realm: str, identifier: str, otp: str) -> Person:
    """Return who the code belongs to; count a failure and raise if it does not fit."""
    key = ("failures", call.address(client), identifier)
    _check_brute_force(call, key)
    try:
        person = prove_code(call, realm, identifier, otp)
    except Refusal:
        call.state.limits.hit(*key, window=BRUTE_FORCE_WINDOW)
        raise
    call.state.limits.forget(*key)
    return person


def _check_brute_force(call: Call, key: tuple[str, ...]) -> None:
    limit = call.state.switches.brute_force_limit
    if limit and call.state.limits.used(*key) >= limit:
        raise Refusal(TOKEN["too_many_attempts"])
