from __future__ import annotations

from typing import Any

import jwt
import pytest
import responses
import time_machine

from django_pwdless.auth0 import Auth0Client, Caller
from django_pwdless.auth0.http.credentials import Credentials
from django_pwdless.exceptions import Misconfigured
from tests.auth0.calls import CALLS, make, sent
from tests.auth0.conftest import with_keys
from tests.auth0.keys import (
    BASE_URL,
    CLIENT_ID,
    ISSUER,
    SECRET,
    ec_key,
    private_pem,
    public_pem,
    rsa_key,
)

Tenant = responses.RequestsMock
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NOW = 1_800_000_000
POSTS = [name for name, call in CALLS.items() if call.method == "POST"]


@pytest.fixture
def asserting() -> Auth0Client:
    return with_keys(Auth0Client(BASE_URL, CLIENT_ID, assertion_key=private_pem()))


@pytest.fixture
def public() -> Auth0Client:
    return with_keys(Auth0Client(BASE_URL, CLIENT_ID))


def assertion_in(tenant: Tenant) -> dict[str, Any]:
    """The claims of the assertion sent last, read with the public key."""
    options: Any = {"verify_exp": False, "verify_iat": False}
    assertion = sent(tenant)[0]["client_assertion"]
    key = rsa_key().public_key()
    return jwt.decode(assertion, key, ["RS256"], audience=ISSUER, options=options)


@pytest.mark.parametrize("call", POSTS)
def test_secret_is_sent_with_every_post(tenant: Tenant, client: Auth0Client, call: str) -> None:
    make(tenant, call, client)
    body, _ = sent(tenant)
    assert (body["client_id"], body["client_secret"]) == (CLIENT_ID, SECRET)
    assert "client_assertion" not in body


@pytest.mark.parametrize("call", POSTS)
def test_assertion_is_sent_with_every_post(
    tenant: Tenant, asserting: Auth0Client, call: str
) -> None:
    make(tenant, call, asserting)
    body, _ = sent(tenant)
    assert (body["client_id"], body["client_assertion_type"]) == (CLIENT_ID, ASSERTION_TYPE)
    assert "client_secret" not in body


@pytest.mark.parametrize("call", POSTS)
def test_public_client_sends_its_id_alone(tenant: Tenant, public: Auth0Client, call: str) -> None:
    make(tenant, call, public)
    body, _ = sent(tenant)
    assert [name for name in body if name.startswith("client_")] == ["client_id"]


def test_list_sends_no_credentials(tenant: Tenant, client: Auth0Client) -> None:
    make(tenant, "list", client)
    assert tenant.calls[-1].request.body is None
    assert SECRET not in str(tenant.calls[-1].request.headers)


def test_assertion_says_who_to_whom_and_until_when(tenant: Tenant, asserting: Auth0Client) -> None:
    with time_machine.travel(NOW, tick=False):
        make(tenant, "start", asserting)
    claims = assertion_in(tenant)
    assert len(claims.pop("jti")) >= 32
    lifetime = {"iat": NOW, "exp": NOW + 60}
    assert claims == {"iss": CLIENT_ID, "sub": CLIENT_ID, "aud": ISSUER, **lifetime}


def test_assertion_is_used_once(tenant: Tenant, asserting: Auth0Client) -> None:
    ids = set()
    for _ in range(5):
        make(tenant, "start", asserting)
        ids.add(assertion_in(tenant)["jti"])
    assert len(ids) == 5


BAD_KEYS = {
    "no-key": "certainly no key",
    "empty-pem": "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
    "public": public_pem().decode(),
    "other-kind": private_pem(ec_key()),
    "cut-off": private_pem()[:800],
    "surrogate": "\ud800",
}


@pytest.mark.parametrize("key", BAD_KEYS.values(), ids=BAD_KEYS)
def test_unusable_assertion_key_is_a_misconfiguration(tenant: Tenant, key: str) -> None:
    client = Auth0Client(BASE_URL, CLIENT_ID, assertion_key=key)
    with pytest.raises(Misconfigured) as caught:
        make(tenant, "start", client)
    assert ("CLIENT_ASSERTION_KEY" in caught.value.hint, len(tenant.calls)) == (True, 0)


# A body cannot replace who we are


def test_identifier_cannot_replace_credentials(tenant: Tenant, client: Auth0Client) -> None:
    tenant.post(f"{BASE_URL}/passwordless/start", json={})
    forged = {"client_id": "theirs", "client_secret": "theirs"}
    client.passwordless.start("email", "a@b.c", auth_params=forged)
    body, _ = sent(tenant)
    assert (body["client_id"], body["client_secret"]) == (CLIENT_ID, SECRET)
    assert list(body)[-2:] == ["client_id", "client_secret"]


@pytest.mark.parametrize("secret", [SECRET, None])
def test_repr_of_credentials_holds_neither_secret_nor_key(secret: str | None) -> None:
    shown = repr(Credentials(CLIENT_ID, ISSUER, secret, private_pem()))
    assert (CLIENT_ID in shown, SECRET in shown, "PRIVATE KEY" in shown) == (True, False, False)


# The caller


@pytest.mark.parametrize("kind", ["client", "asserting"])
def test_address_is_forwarded_by_a_confidential_client(
    tenant: Tenant, request: pytest.FixtureRequest, kind: str
) -> None:
    tenant.post(f"{BASE_URL}/passwordless/start", json={})
    caller = Caller(address="203.0.113.7")
    request.getfixturevalue(kind).passwordless.start("email", "a@b.c", caller=caller)
    assert sent(tenant)[1]["auth0-forwarded-for"] == "203.0.113.7"


def test_address_is_not_forwarded_by_a_public_client(tenant: Tenant, public: Auth0Client) -> None:
    tenant.post(f"{BASE_URL}/passwordless/start", json={})
    public.passwordless.start("email", "a@b.c", caller=Caller(address="203.0.113.7"))
    assert "auth0-forwarded-for" not in sent(tenant)[1]
