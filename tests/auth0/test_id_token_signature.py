"""The signature of an ID token, its algorithm and its header."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
import responses

from django_pwdless import exceptions as exc
from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.verification.signed_token import MAX_TOKEN_LENGTH

from .calls import texts_of
from .conftest import Verify
from .keys import (
    BASE_URL,
    CLIENT_ID,
    JWKS_URL,
    MISSING,
    SECRET,
    claims,
    ec_key,
    jwk,
    public_pem,
    rsa_key,
    token,
)

Tenant = responses.RequestsMock


# Signature, algorithm, header

FORGERIES: dict[str, Callable[[], str]] = {
    "none": lambda: token(algorithm="none"),
    "none-with-signature": lambda: token(alg="none"),
    "none-in-capitals": lambda: token(alg="NONE", algorithm="none"),
    "no-alg": lambda: token(alg=MISSING),
    "alg-null": lambda: token(alg=None),
    "alg-list": lambda: token(alg=["RS256"]),
    "alg-number": lambda: token(alg=256),
    "lower-case": lambda: token(alg="rs256"),
    "HS256-with-public-pem": lambda: token(algorithm="HS256", key=public_pem()),
    "HS256-called-RS256": lambda: token(algorithm="HS256", key=public_pem(), alg="RS256"),
    "HS384-with-public-pem": lambda: token(algorithm="HS384", key=public_pem()),
    "RS384": lambda: token(algorithm="RS384"),
    "RS512": lambda: token(algorithm="RS512"),
    "RS512-called-RS256": lambda: token(algorithm="RS512", alg="RS256"),
    "PS256": lambda: token(algorithm="PS256"),
    "PS256-called-RS256": lambda: token(algorithm="PS256", alg="RS256"),
    "ES256": lambda: token(algorithm="ES256", key=ec_key()),
    "ES256-called-RS256": lambda: token(algorithm="ES256", key=ec_key(), alg="RS256"),
    "other-key": lambda: token(key=rsa_key("other")),
    "other-key-embedded": lambda: token(key=rsa_key("other"), jwk=jwk("other")),
    "other-key-by-jku": lambda: token(key=rsa_key("other"), jku="https://evil.example/jwks"),
    "other-key-by-x5u": lambda: token(key=rsa_key("other"), x5u="https://evil.example/cert"),
    "other-key-by-x5c": lambda: token(key=rsa_key("other"), x5c=["MIIB"]),
    "unknown-critical": lambda: token(crit=["exp"]),
    "critical-and-present": lambda: token(crit=["urn:x"], **{"urn:x": 1}),
    "critical-empty": lambda: token(crit=[]),
    "critical-string": lambda: token(crit="exp"),
    "critical-null": lambda: token(crit=None),
    "critical-and-understood": lambda: token(crit=["b64"], b64=True),
    "payload-detached": lambda: token(crit=["b64"], b64=False),
    "kid-number": lambda: token(kid=1),
    "kid-null": lambda: token(kid=None),
    "kid-list": lambda: token(kid=["current"]),
    "no-kid": lambda: token(kid=MISSING),
    "unknown-kid": lambda: token(kid="another"),
    "kid-with-path": lambda: token(kid="../../dev/null"),
    "signature-cut": lambda: token()[:-8],
    "signature-missing": lambda: token().rpartition(".")[0] + ".",
    "payload-changed": lambda: with_payload(token(), claims(sub="email|admin")),
    "header-changed": lambda: with_header(token(), {"alg": "RS256", "kid": "current", "x": 1}),
    "two-parts": lambda: token().rpartition(".")[0],
    "four-parts": lambda: token() + ".AAAA",
    "encrypted": lambda: "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA",
    "header-list": lambda: with_header(token(), ["RS256"]),
    "header-nested": lambda: with_raw(token(), 0, b"[" * 40_000),
    "payload-list": lambda: token([claims()]),
    "payload-string": lambda: token("claims"),
    "payload-null": lambda: token(b"null"),
    "payload-empty": lambda: token(b""),
    "payload-no-json": lambda: token(b"\xff\xfe{"),
    "payload-nested": lambda: token(b'{"iss":' * 6_000),
    "payload-nested-claim": lambda: token(b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
    "payload-huge-integer": lambda: token(b'{"exp":' + b"9" * 5000 + b"}"),
    "line-break": lambda: token() + "\n",
    "blank-before": lambda: " " + token(),
    "nul-inside": lambda: token().replace(".", ".\0", 1),
    "not-ascii": lambda: token() + "é",
    "surrogate": lambda: token() + "\ud800",
    "too-long": lambda: token(claims(filler="x" * MAX_TOKEN_LENGTH)),
    "empty": lambda: "",
    "dots": lambda: "..",
}


def with_raw(signed: str, part: int, content: bytes) -> str:
    parts = signed.split(".")
    parts[part] = base64.urlsafe_b64encode(content).rstrip(b"=").decode()
    return ".".join(parts)


def with_header(signed: str, header: Any) -> str:
    return with_raw(signed, 0, json.dumps(header).encode())


def with_payload(signed: str, payload: Any) -> str:
    return with_raw(signed, 1, json.dumps(payload).encode())


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_forged_or_malformed_token_is_refused(
    verify: Verify, tenant: Tenant, forge: Callable[[], str]
) -> None:
    with pytest.raises(exc.InvalidToken) as caught:
        verify(forge())
    assert type(caught.value) in (exc.InvalidSignature, exc.UnknownKey, exc.InvalidToken)
    assert {call.request.url for call in tenant.calls} <= {JWKS_URL}


@pytest.mark.parametrize("value", [None, 1, b"a.b.c", ["a.b.c"], {}, object()])
def test_token_that_is_no_string_is_refused(verify: Verify, value: Any) -> None:
    with pytest.raises(exc.InvalidSignature):
        verify(value)


@pytest.mark.parametrize("name", ["jku", "x5u", "jwk", "x5c", "x5t"])
def test_key_named_by_a_good_token_is_not_looked_at(
    verify: Verify, tenant: Tenant, name: str
) -> None:
    verify(token(**{name: "https://evil.example/"}))
    assert [call.request.url for call in tenant.calls] == [JWKS_URL]


def test_token_of_megabytes_is_refused_before_anything_is_fetched(
    verify: Verify, tenant: Tenant
) -> None:
    with pytest.raises(exc.InvalidSignature):
        verify(token(claims(filler="x" * 4_000_000)))
    assert len(tenant.calls) == 0


def test_token_of_the_greatest_length_is_read(verify: Verify) -> None:
    spare = MAX_TOKEN_LENGTH - len(token(claims(filler="")))
    signed = token(claims(filler="x" * (spare * 3 // 4 - 3)))
    assert MAX_TOKEN_LENGTH - 8 < len(signed) <= MAX_TOKEN_LENGTH
    assert verify(signed)["filler"]


# Other algorithms


def test_ps256_token_is_accepted_where_configured(tenant: Tenant) -> None:
    tenant.get(JWKS_URL, json={"keys": [jwk(alg="PS256")]})
    client = Auth0Client(BASE_URL, CLIENT_ID, algorithm="PS256")
    assert client.verify_id_token(token(algorithm="PS256"))["sub"] == "email|1"


def test_rs256_token_is_refused_where_ps256_is_configured(tenant: Tenant) -> None:
    tenant.get(JWKS_URL, json={"keys": [jwk(alg=MISSING)]})
    client = Auth0Client(BASE_URL, CLIENT_ID, algorithm="PS256")
    with pytest.raises(exc.InvalidSignature):
        client.verify_id_token(token())


@pytest.fixture
def symmetric(tenant: Tenant) -> Auth0Client:
    return Auth0Client(BASE_URL, CLIENT_ID, client_secret=SECRET, algorithm="HS256")


@pytest.mark.parametrize("kid", ["current", MISSING, "../x"])
def test_hs256_token_is_verified_by_the_secret(symmetric: Auth0Client, kid: Any) -> None:
    signed = token(algorithm="HS256", key=SECRET.encode(), kid=kid)
    assert symmetric.verify_id_token(signed)["sub"] == "email|1"


def test_hs256_has_no_keys_to_fetch(symmetric: Auth0Client, tenant: Tenant) -> None:
    symmetric.prepare_keys()
    assert len(tenant.calls) == 0


SYMMETRIC_FORGERIES: dict[str, Callable[[], str]] = {
    "other-secret": lambda: token(algorithm="HS256", key=b"x" * 64),
    "empty-secret": lambda: token(algorithm="HS256", key=b"\0"),
    "public-pem": lambda: token(algorithm="HS256", key=public_pem()),
    "HS384": lambda: token(algorithm="HS384", key=SECRET.encode()),
    "RS256": lambda: token(),
    "none": lambda: token(algorithm="none"),
}


@pytest.mark.parametrize("forge", SYMMETRIC_FORGERIES.values(), ids=SYMMETRIC_FORGERIES)
def test_forged_hs256_token_is_refused(
    symmetric: Auth0Client, tenant: Tenant, forge: Callable[[], str]
) -> None:
    with pytest.raises(exc.InvalidSignature):
        symmetric.verify_id_token(forge())
    assert len(tenant.calls) == 0


@pytest.mark.parametrize("secret", [None, ""])
def test_hs256_without_a_secret_verifies_nothing(tenant: Tenant, secret: str | None) -> None:
    client = Auth0Client(BASE_URL, CLIENT_ID, client_secret=secret, algorithm="HS256")
    with pytest.raises(exc.InvalidSignature):
        client.verify_id_token(token(algorithm="HS256", key=b"\0"))


UNSUPPORTED = {"none": None, "HS384": SECRET.encode(), "RS512": rsa_key(), "ES256": ec_key()}


@pytest.mark.parametrize(("algorithm", "key"), UNSUPPORTED.items())
def test_other_algorithm_verifies_nothing(tenant: Tenant, algorithm: str, key: Any) -> None:
    tenant.get(JWKS_URL, json={"keys": [jwk(alg=algorithm)]})
    client = Auth0Client(BASE_URL, CLIENT_ID, client_secret=SECRET, algorithm=algorithm)
    with pytest.raises(exc.InvalidSignature):
        client.verify_id_token(token(algorithm=algorithm, key=key))


# What a refusal says

REFUSED: dict[str, Callable[[], str]] = {
    **FORGERIES,
    "wrong-issuer": lambda: token(claims(iss="https://evil.example/")),
    "wrong-audience": lambda: token(claims(aud="another-client")),
    "old": lambda: token(claims(exp=1)),
    "wrong-subject": lambda: token(claims(sub="emaíl|1")),
    "no-nonce": lambda: token(),
}


@pytest.mark.parametrize("forge", REFUSED.values(), ids=REFUSED)
def test_refusal_quotes_nothing_of_the_token(verify: Verify, forge: Callable[[], str]) -> None:
    refused = forge()
    with pytest.raises(exc.InvalidToken) as caught:
        verify(refused, nonce="the-nonce")
    shown = texts_of(caught.value)
    words = [part for part in refused.split(".") if len(part) > 4]
    confidential = ["email|", "evil.example", "another-client", "the-nonce", "emaíl", *words]
    assert [word for word in confidential if word in shown] == []
