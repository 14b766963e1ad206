"""Odd entries of a set."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.exceptions import UnknownKey
from tests.auth0.key_cache.tenant import Tenant, knows, process_of
from tests.auth0.keys import MISSING, ec_jwk, jwk, private_jwk, short_jwk

ODD_KEYS: dict[str, Any] = {
    "null": None,
    "number": 1,
    "string": "current",
    "list": [],
    "empty": {},
    "no-kid": jwk(MISSING),
    "kid-null": jwk(None),
    "kid-number": jwk(1),
    "kid-list": jwk(["odd"]),
    "elliptic": ec_jwk("odd"),
    "symmetric": {"kty": "oct", "k": "c2VjcmV0", "kid": "odd"},
    "unknown-type": jwk("odd", kty="AKP"),
    "no-type": jwk("odd", kty=MISSING),
    "type-list": jwk("odd", kty=["RSA"]),
    "for-encryption": jwk("odd", use="enc"),
    "use-list": jwk("odd", use=["sig"]),
    "other-algorithm": jwk("odd", alg="RS512"),
    "other-padding": jwk("odd", alg="PS256"),
    "for-key-wrapping": jwk("odd", alg="RSA-OAEP"),
    "private": private_jwk("odd"),
    "for-signing-only": jwk("odd", key_ops=["sign"]),
    "for-nothing": jwk("odd", key_ops=[]),
    "operations-string": jwk("odd", key_ops="verify"),
    "operations-object": jwk("odd", key_ops={"verify": True}),
    "no-modulus": jwk("odd", n=MISSING),
    "no-exponent": jwk("odd", e=MISSING),
    "modulus-number": jwk("odd", n=3),
    "modulus-null": jwk("odd", n=None),
    "modulus-empty": jwk("odd", n=""),
    "modulus-zero": jwk("odd", n="AA"),
    "modulus-small": jwk("odd", n="Dw"),
    "modulus-no-base64": jwk("odd", n="!!!"),
    "modulus-not-ascii": jwk("odd", n="é"),
    "modulus-surrogate": jwk("odd", n="\ud800"),
    "exponent-one": jwk("odd", e="AQ"),
    "exponent-even": jwk("odd", e="BA"),
    "exponent-zero": jwk("odd", e="AA"),
    "exponent-list": jwk("odd", e=["AQAB"]),
    "exponent-huge": jwk("odd", e="_" * 4000),
}


@pytest.mark.parametrize("entry", ODD_KEYS.values(), ids=ODD_KEYS)
def test_odd_entry_is_ignored(tenant: Tenant, entry: Any) -> None:
    tenant.keys[:] = [entry, jwk("current"), entry]
    jwks = process_of(tenant)
    assert (knows(jwks, "current"), knows(jwks, "odd")) == (True, False)


@pytest.mark.parametrize(
    "changes",
    [
        *({}, {"use": MISSING}, {"alg": MISSING}, {"use": None, "alg": None, "key_ops": None}),
        {"x5c": ["MIIB"]},
        *({"key_ops": ["verify"]}, {"key_ops": ["sign", "verify"], "use": MISSING}),
    ],
)
def test_optional_members_may_be_missing(tenant: Tenant, changes: dict[str, Any]) -> None:
    tenant.keys[:] = [jwk("current", **changes)]
    assert knows(process_of(tenant), "current")


@pytest.mark.parametrize("bits", [1024, 2040])
def test_short_key_is_no_key(tenant: Tenant, bits: int) -> None:
    tenant.keys.append(short_jwk("short", bits))
    with pytest.raises(UnknownKey):
        process_of(tenant).key_for("short")


def test_second_key_of_an_id_is_ignored(tenant: Tenant) -> None:
    tenant.keys.append({**jwk("other"), "kid": "current"})
    assert knows(process_of(tenant), "current")


def test_set_is_bounded(tenant: Tenant) -> None:
    tenant.keys[:] = [{**jwk("current"), "kid": str(number)} for number in range(500)]
    jwks = process_of(tenant)
    assert jwks.key_for("49")
    with pytest.raises(UnknownKey):
        jwks.key_for("50")


def test_ps256_takes_keys_of_its_own_algorithm(tenant: Tenant) -> None:
    tenant.keys.append(jwk("padded", alg="PS256"))
    jwks = process_of(tenant, algorithm="PS256")
    assert (knows(jwks, "padded"), knows(jwks, "current")) == (True, False)
