"""ID tokens: what they say, and their signature, as good or bad as was asked for."""

from __future__ import annotations

import secrets
from datetime import datetime, timezone
from typing import Any

from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.logins.authentication import OTP, Authentication
from django_pwdless.localtenant.people.people import Person
from django_pwdless.localtenant.signing.unsigned_token import UnsignedToken
from django_pwdless.localtenant.state import State
from django_pwdless.localtenant.token_faults import spoil


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


def sign_id_token(state: State, client: Client, claims: dict[str, Any]) -> Any:
    """Return a signed ID token, spoiled by the switch ``token_fault`` where that is set."""
    unsigned = unsigned_id_token(state, client, claims)
    fault = state.switches.token_fault
    if fault is None:
        return unsigned.sign()
    state.was_forging = True
    return spoil(unsigned, fault)


def unsigned_id_token(state: State, client: Client, claims: dict[str, Any]) -> UnsignedToken:
    """Return a good token of ``client``, not yet signed."""
    key, algorithm = state.keys.current, state.switches.algorithm
    header = {"alg": algorithm, "typ": "JWT"}
    if not algorithm.startswith("HS"):
        header["kid"] = key.kid
    secret = (client.secret or "").encode()
    return UnsignedToken(claims, header, key.private, secret, key.public_pem, key.jwk)
