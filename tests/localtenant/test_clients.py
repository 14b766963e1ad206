"""Applications of each kind, and how they prove to be themselves."""

from __future__ import annotations

import base64
import json
import time
import uuid

import jwt
import pytest

from django_pwdless.localtenant.clients.assertions import ASSERTION_TYPE
from django_pwdless.localtenant.clients.client import Client

from .site import ANN, refusal


@pytest.fixture
def client(tenant):
    return tenant.add_client("private_key")


def assertion(tenant, client, algorithm="RS256", **claims):
    now = int(time.time())
    good = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": tenant.issuer,
        "iat": now,
        "exp": now + 60,
        "jti": uuid.uuid4().hex,
    }
    merged = {name: value for name, value in {**good, **claims}.items() if value is not ...}
    return jwt.encode(merged, client.private_key, algorithm)


#: Short enough, and too deep for a parser.
NESTED = f"e30.{base64.urlsafe_b64encode(b'[' * 1500).decode()}.x"


def credentials(client, token, **more):
    return {
        "client_id": client.client_id,
        "client_secret": ...,
        "client_assertion": token,
        "client_assertion_type": ASSERTION_TYPE,
        **more,
    }


def test_wrong_secret_is_refused(site):
    answer = site.exchange("123456", client_secret="wrong")
    assert refusal(answer)[:2] == (401, "invalid_client")


@pytest.mark.parametrize("secret", ["\ud800", "x" * 10_000, 5, None, ["a"]])
def test_strange_secret_is_refused(site, secret):
    assert refusal(site.start(client_secret=secret))[:2] == (401, "invalid_client")


def test_missing_secret_is_refused(site):
    answer = site.exchange("123456", client_secret=...)
    assert refusal(answer)[:2] == (401, "invalid_client")


def test_bad_secret_as_access_denied(site, tenant):
    tenant.switches.bad_secret_as_access_denied = True
    answer = site.exchange("123456", client_secret="wrong")
    assert refusal(answer) == (401, "access_denied", "Unauthorized")


def test_credentials_in_a_basic_header_are_taken(site, tenant):
    fields = {"otp": site.code(), "username": ANN, "realm": "email"}
    grant = "http://auth0.com/oauth/grant-type/passwordless/otp"
    auth = (tenant.client_id, tenant.client_secret)
    data = {**fields, "grant_type": grant}
    assert site.call("POST", "/oauth/token", data=data, auth=auth).status_code == 200


@pytest.mark.parametrize("header", ["Basic x", "Basic /w==", "Basic", "Basic OnNlY3JldA=="])
def test_malformed_basic_header_is_refused(site, header):
    data = {"grant_type": "http://auth0.com/oauth/grant-type/passwordless/otp"}
    answer = site.call("POST", "/oauth/token", data=data, headers={"Authorization": header})
    assert refusal(answer)[:2] == (401, "invalid_client")


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "PS256"])
def test_private_key_signs_both_steps(site, tenant, client, algorithm):
    token = assertion(tenant, client, algorithm)
    assert site.start(**credentials(client, token)).status_code == 200
    code = tenant.inbox.latest(ANN).code
    token = assertion(tenant, client, algorithm)
    assert site.exchange(code, **credentials(client, token)).status_code == 200


def test_private_key_settings(tenant, client):
    settings = tenant.settings_for(client)
    assert settings["CLIENT_ASSERTION_KEY"].startswith("-----BEGIN PRIVATE KEY-----")
    assert "CLIENT_SECRET" not in settings


def test_private_key_used_twice(site, tenant, client):
    token = assertion(tenant, client)
    assert site.start(**credentials(client, token)).status_code == 200
    assert refusal(site.start(**credentials(client, token)))[:2] == (401, "invalid_client")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"aud": "https://another.example/"},
        {"exp": 1},
        {"exp": 4_000_000_000},
        {"exp": ...},
        {"jti": ...},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"aud": ...},
        {"aud": ["{issuer}"]},
        {"aud": "{issuer}oauth/token"},
        {"jti": "j" * 65},
        {"more": "x" * 2048},
    ],
)
def test_private_key_bad_claims(site, tenant, client, claims):
    if "aud" in claims and claims["aud"] is not ...:
        filled = json.dumps(claims["aud"]).replace("{issuer}", tenant.issuer)
        claims = {"aud": json.loads(filled)}
    token = assertion(tenant, client, **claims)
    assert refusal(site.start(**credentials(client, token)))[:2] == (401, "invalid_client")


def test_private_key_of_somebody_with_a_long_name(site, tenant):
    client = tenant.add_client("private_key", "c" * 65)
    token = assertion(tenant, client)
    assert refusal(site.start(**credentials(client, token)))[:2] == (401, "invalid_client")


@pytest.mark.parametrize("jti", [5, None, ["j"], {"j": 1}, ""])
def test_private_key_strange_jti(site, tenant, client, jti):
    token = assertion(tenant, client, jti=jti)
    assert refusal(site.start(**credentials(client, token)))[:2] == (401, "invalid_client")


def test_assertion_names_the_client(site, tenant, client):
    """As in Auth0's own example: no ``client_id`` beside it."""
    site.start(**credentials(client, assertion(tenant, client)))
    body = credentials(client, assertion(tenant, client), client_id=...)
    assert site.exchange(tenant.inbox.latest(ANN).code, **body).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.x", "bnVsbA.W10.x", NESTED])
def test_assertion_that_names_nobody(site, client, token):
    body = credentials(client, token, client_id=...)
    assert refusal(site.exchange("123456", **body))[:2] == (401, "invalid_client")


def test_assertion_names_another_client(site, tenant, client):
    body = credentials(client, assertion(tenant, client), client_id=tenant.client_id)
    assert refusal(site.exchange("123456", **body))[:2] == (401, "invalid_client")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", 5, None, []])
def test_private_key_garbage(site, client, token):
    assert refusal(site.start(**credentials(client, token)))[:2] == (401, "invalid_client")


def test_private_key_other_algorithm(site, tenant, client):
    token = assertion(tenant, client, "RS512")
    assert refusal(site.start(**credentials(client, token)))[:2] == (401, "invalid_client")


def test_private_key_wrong_type(site, tenant, client):
    body = credentials(client, assertion(tenant, client), client_assertion_type="jwt")
    assert refusal(site.start(**body))[:2] == (401, "invalid_client")


def test_private_key_secret_instead(site, client):
    body = {"client_id": client.client_id, "client_secret": "x"}
    assert refusal(site.start(**body))[:2] == (401, "invalid_client")


def test_public_client_needs_no_secret(site, tenant):
    client = tenant.add_client("public", "a-phone-app")
    body = {"client_id": client.client_id, "client_secret": ...}
    assert site.start(**body).status_code == 200
    assert site.exchange(tenant.inbox.latest(ANN).code, **body).status_code == 200
    assert tenant.settings_for(client) == {"DOMAIN": tenant.domain, "CLIENT_ID": "a-phone-app"}


def test_unknown_kind_of_client_is_refused(tenant):
    with pytest.raises(ValueError, match="no kind of client"):
        tenant.add_client("mtls")


def test_callbacks_are_local_or_exactly_those_listed():
    client = Client("c")
    assert client.allows_callback("http://testserver/cb")
    assert client.allows_callback("http://localhost:8000/cb")
    assert not client.allows_callback("https://evil.example/cb")
    assert not client.allows_callback("http://localhost@evil.example/")
    client.callbacks = ["https://site.example/cb"]
    assert client.allows_callback("https://site.example/cb")
    assert not client.allows_callback("https://site.example/cb?x=1")
    assert not client.allows_callback("http://testserver/cb")


def test_allowed_logout_urls():
    client = Client("c", logout_urls=["https://site.example/out/"])
    assert client.allows_logout("https://site.example/out/?a=b#c")
    assert not client.allows_logout("https://site.example/")
    client.logout_urls = None
    assert client.allows_logout("http://127.0.0.1:8000/")
    assert not client.allows_logout("javascript:alert(1)")
