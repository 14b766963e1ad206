"""Tokens for somebody who proved to be it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django_pwdless.localtenant.clients.api import LIFETIME
from django_pwdless.localtenant.clients.client import REFRESH_GRANT
from django_pwdless.localtenant.logins.authentication import Authentication
from django_pwdless.localtenant.state import State

from .access_tokens import TokenRequest, allowed_scope, api_for, issue_access_token
from .id_tokens import id_claims, sign_id_token

OFFLINE_ACCESS = "offline_access"


def issue_first_tokens(state: State, login: Authentication) -> dict[str, Any]:
    """Return the members of a login's token response (Auth0: Authenticate User).

    Where the API allows no offline access the refresh token is left out without a word.
    """
    is_for_api = login.audience is not None
    if is_for_api and not state.switches.api_offline_access:
        login = replace(login, scope=" ".join(s for s in login.scopes if s != OFFLINE_ACCESS))
    tokens = issue_tokens(state, login)
    if OFFLINE_ACCESS in login.scopes and REFRESH_GRANT in login.client.grants:
        tokens["refresh_token"] = state.refresh_tokens.issue(login)
    return tokens


def issue_tokens(state: State, login: Authentication) -> dict[str, Any]:
    """Return the members of a token response, without a refresh token."""
    tokens = _access_token(state, login)
    if "openid" in login.scopes:
        claims = id_claims(state, login)
        state.client_sessions.add(login.client.client_id, login.person.sub, claims.get("sid"))
        tokens["id_token"] = sign_id_token(state, login.client, claims)
    tokens |= {"token_type": "Bearer"}
    return {name: value for name, value in tokens.items() if value is not None}


def _access_token(state: State, login: Authentication) -> dict[str, Any]:
    """Return the access token, its scope and its life."""
    sub, client_id, scope = login.person.sub, login.client.client_id, login.scope
    if login.audience is None:
        lifetime = state.switches.access_token_lifetime or LIFETIME
        token = state.access_tokens.issue(sub, client_id, scope, lifetime)
        return {"access_token": token, "scope": scope, "expires_in": lifetime}
    api = api_for(state, login.audience)
    request = TokenRequest(client_id, scope, sub, login.person.permissions)
    token, scope = issue_access_token(state, api, request), allowed_scope(api, request)
    state.access_tokens.keep(token, sub, client_id, scope, login.audience, api.lifetime)
    return {"access_token": token, "scope": scope, "expires_in": api.lifetime}
