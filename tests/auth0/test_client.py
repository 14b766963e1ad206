from __future__ import annotations

import time
from typing import Any

import pytest
import responses

from django_pwdless.auth0 import Auth0Client
from django_pwdless.exceptions import InvalidAudience, InvalidIssuer, UnknownKey

from .keys import BASE_URL, CLIENT_ID, JWKS_URL, claims, jwk, token

Tenant = responses.RequestsMock


def test_key_set_is_fetched_once_for_many_tokens(tenant: Tenant) -> None:
    tenant.get(JWKS_URL, json={"keys": [jwk()]})
    client = Auth0Client(BASE_URL, CLIENT_ID)
    for _ in range(3):
        client.verify_id_token(token())
    assert len(tenant.calls) == 1


def test_unknown_keys_force_one_fetch_in_thirty_seconds_without_a_store(
    tenant: Tenant, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    time_machine.move_to(1_800_000_000, tick=False)
    monkeypatch.setattr(time, "monotonic", time.time)
    tenant.get(JWKS_URL, json={"keys": [jwk()]})
    client = Auth0Client(BASE_URL, CLIENT_ID)
    for second in range(60):
        with pytest.raises(UnknownKey):
            client.verify_id_token(token(kid=f"made-up-{second}"))
        time_machine.shift(1)
    assert len(tenant.calls) == 1 + 2


def test_issuer_is_the_tenant_that_is_asked(tenant: Tenant) -> None:
    tenant.get(JWKS_URL, json={"keys": [jwk()]})
    tenant.get("https://custom.example/.well-known/jwks.json", json={"keys": [jwk()]})
    custom = Auth0Client("https://custom.example", CLIENT_ID)
    assert custom.verify_id_token(token(claims(iss="https://custom.example/")))
    with pytest.raises(InvalidIssuer):
        custom.verify_id_token(token())


def test_clients_of_two_applications_do_not_take_each_others_tokens(tenant: Tenant) -> None:
    tenant.get(JWKS_URL, json={"keys": [jwk()]})
    signed = token(claims(aud="other-client"))
    assert Auth0Client(BASE_URL, "other-client").verify_id_token(signed)
    with pytest.raises(InvalidAudience):
        Auth0Client(BASE_URL, CLIENT_ID).verify_id_token(signed)
