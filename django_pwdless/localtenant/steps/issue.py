"""Tokens for somebody who proved to be it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from django_pwdless.localtenant.clients.api import LIFETIME
from django_pwdless.localtenant.clients.client import REFRESH_GRANT
from django_pwdless.localtenant.logins.authentication import OTP, Authentication
from django_pwdless.localtenant.people.people import Person
from django_pwdless.localtenant.state import State

from .access_tokens import TokenRequest, allowed_scope, api_for, issue_access_token
from .id_tokens import sign_id_token

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


def id_claims(state: State, login: Authentication) -> dict[str, Any]:
    """Return the claims of the ID token for ``login``."""
    now = int(state.clock.now())
    claims = {
        **profile_claims(state, login.person, login.scopes),
        "iss": state.issuer,
        "aud": login.client.client_id,
        "iat": now,
        "exp": now + state.switches.id_token_lifetime,
        "sub": login.person.sub,
    }
    optional = {
        "nonce": login.nonce,
        "auth_time": login.auth_time,
        "acr": login.acr,
        "amr": list(login.amr),
        "sid": _session_id(state, login),
    }
    claims.update({name: value for name, value in optional.items() if value})
    return {**claims, **login.person.claims}


def _session_id(state: State, login: Authentication) -> str | None:
    """Return ``sid``; whether one comes with a code typed at the site is not documented."""
    if login.origin == OTP and not state.switches.embedded_sid:
        return None
    return login.sid or secrets.token_urlsafe(24)


def profile_claims(state: State, person: Person, scopes: list[str]) -> dict[str, Any]:
    """Return the claims that ``scopes`` ask for (OpenID Connect Core 5.4)."""
    claims: dict[str, Any] = {}
    if "profile" in scopes:
        claims.update(_profile(state, person))
    if "email" in scopes and person.email:
        claims.update(email=person.email, email_verified=person.email_verified)
    if "phone" in scopes and person.phone_number:
        claims["phone_number"] = person.phone_number
    return claims


def _profile(state: State, person: Person) -> dict[str, Any]:
    name = person.name or person.identifier
    return {
        "name": name,
        "nickname": name.partition("@")[0],
        "picture": f"{state.issuer}assets/person.svg",
        "updated_at": datetime.fromtimestamp(int(state.clock.now()), timezone.utc).isoformat(),
    }


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
