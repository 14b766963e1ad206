"""Signing ID tokens, well or as badly as was asked for."""

from __future__ import annotations

from typing import Any

from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.signing.unsigned_token import UnsignedToken
from django_pwdless.localtenant.state import State
from django_pwdless.localtenant.token_faults import spoil


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
