"""The authorization code grant: what a callback brought becomes tokens."""

from __future__ import annotations

from typing import Any

from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.logins.authentication import LINK
from django_pwdless.localtenant.steps.issue import issue_first_tokens
from django_pwdless.localtenant.steps.mfa_completion import tokens_or_mfa


def exchange(call: Call, client: Client) -> dict[str, Any]:
    """Return the token response for ``code`` (RFC 6749 4.1.3, RFC 7636 4.6)."""
    login = call.state.authorizations.spend(
        call.require("code"), client, call.optional("redirect_uri"), call.optional("code_verifier")
    )
    if login.origin == LINK:
        return tokens_or_mfa(call, login)
    return issue_first_tokens(call.state, login)
