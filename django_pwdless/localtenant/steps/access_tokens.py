"""Access tokens for the tenant's APIs, in the dialect of each."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.clients.api import LIFETIME, MFA_LIFETIME, Api
from django_pwdless.localtenant.signing.unsigned_token import UnsignedToken
from django_pwdless.localtenant.state import State
from django_pwdless.localtenant.token_faults import spoil_access_token

#: Scopes of OpenID Connect, which are no permissions of an API.
OIDC_SCOPES = frozenset({"openid", "profile", "email", "phone", "offline_access"})


@dataclass(frozen=True)
class TokenRequest:
    """What a token is for; without ``sub`` for the application itself.

    ``permissions`` are those of the person's roles.
    """

    client_id: str
    scope: str
    sub: str | None = None
    permissions: Sequence[str] = ()
    grant: str | None = None


def api_for(state: State, audience: str) -> Api:
    """Return the API of an audience; raise Auth0's "Service not found" where there is none."""
    api = state.apis.find(audience)
    if api is not None:
        return replace(api, lifetime=state.switches.access_token_lifetime or api.lifetime)
    own = {
        state.mfa_audience: MFA_LIFETIME,
        state.management_audience: LIFETIME,
        f"{state.issuer}userinfo": LIFETIME,
    }
    if audience in own:
        return Api(audience, lifetime=own[audience])
    if not state.switches.unknown_audiences:
        raise Refusal(TOKEN["unknown_audience"].saying(f"Service not found: {audience}"))
    return Api(audience)


def check_audience(state: State, audience: str | None) -> None:
    """Raise "Service not found" for an audience that is asked for and that nobody added."""
    if audience is not None:
        api_for(state, audience)


def issue_access_token(state: State, api: Api, request: TokenRequest) -> str:
    """Return a signed token, spoiled by the switch ``access_token_fault`` where that is set."""
    unsigned = unsigned_access_token(state, api, access_claims(state, api, request))
    fault = state.switches.access_token_fault
    if fault is None:
        return unsigned.sign()
    state.was_forging = True
    token: str = spoil_access_token(unsigned, fault)
    return token


def access_claims(state: State, api: Api, request: TokenRequest) -> dict[str, Any]:
    """Return the claims of an API's dialect (Auth0: Access Token Profiles)."""
    now = int(state.clock.now())
    scope = allowed_scope(api, request)
    claims: dict[str, Any] = {
        "iss": state.issuer,
        "sub": request.sub or f"{request.client_id}@clients",
        "aud": [api.identifier, f"{state.issuer}userinfo"]
        if "openid" in scope.split()
        else api.identifier,
        "iat": now,
        "exp": now + api.lifetime,
    }
    if scope:
        claims["scope"] = scope
    if api.is_rfc9068:
        claims.update(client_id=request.client_id, jti=secrets.token_urlsafe(16))
    else:
        claims["azp"] = request.client_id
        if request.grant:
            claims["gty"] = request.grant
    if api.has_permissions:
        claims["permissions"] = list(request.permissions)
    return claims


def allowed_scope(api: Api, request: TokenRequest) -> str:
    """Return the scope that is granted: with RBAC what the person's roles permit."""
    if not api.has_permissions or request.sub is None:
        return request.scope
    allowed = OIDC_SCOPES.union(request.permissions)
    return " ".join(name for name in request.scope.split() if name in allowed)


def unsigned_access_token(state: State, api: Api, claims: dict[str, Any]) -> UnsignedToken:
    """Return a good token of an API, not yet signed."""
    key = state.keys.current
    header = {"alg": api.algorithm, "typ": "at+jwt" if api.is_rfc9068 else "JWT"}
    if api.algorithm != "HS256":
        header["kid"] = key.kid_for(api.algorithm, state.switches.algorithm)
    secret = api.secret.encode()
    return UnsignedToken(claims, header, key.private, secret, key.public_pem, key.jwk)
