from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses

from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.authorize import code_challenge

from .calls import AUTHORIZATION_CODE, CALLBACK, VERIFIER, make, sent
from .keys import BASE_URL, CLIENT_ID, SECRET

Tenant = responses.RequestsMock
FLOW: dict[str, Any] = {
    "redirect_uri": CALLBACK,
    "scope": "openid profile",
    "state": "the-state",
    "nonce": "the-nonce",
    "verifier": VERIFIER,
}


def query_of(url: str) -> dict[str, str]:
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True, strict_parsing=True)
    assert len(pairs) == len(dict(pairs)), "a parameter twice"
    return dict(pairs)


def test_challenge_is_the_one_of_rfc_7636() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # its appendix B
    assert code_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_url_protects_the_flow(client: Auth0Client) -> None:
    url = client.authorize.url(**FLOW)
    digest = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    assert url.startswith(f"{BASE_URL}/authorize?")
    assert query_of(url) == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": CALLBACK,
        "scope": "openid profile",
        "state": "the-state",
        "nonce": "the-nonce",
        "code_challenge": digest.decode().rstrip("="),
        "code_challenge_method": "S256",
    }


def test_url_holds_extra_parameters(client: Auth0Client) -> None:
    extra = {"connection": "email", "login_hint": "a+b&c@example.com", "max_age": "0"}
    assert query_of(client.authorize.url(**FLOW, extra=extra)).items() >= extra.items()


def test_url_replaces_what_cannot_be_encoded(client: Auth0Client) -> None:
    url = client.authorize.url(**FLOW, extra={"login_hint": "a\ud800b"})
    assert query_of(url)["login_hint"] == "a?b"


@pytest.mark.parametrize(
    "name",
    ["response_type", "client_id", "redirect_uri", "scope", "state", "nonce"]
    + ["code_challenge", "code_challenge_method"],
)
def test_url_lets_no_extra_replace_what_protects(client: Auth0Client, name: str) -> None:
    usual = query_of(client.authorize.url(**FLOW))
    forged = query_of(client.authorize.url(**FLOW, extra={name: "forged"}))
    assert forged == usual


def test_url_holds_no_secret(client: Auth0Client) -> None:
    url = client.authorize.url(**FLOW)
    assert [word for word in (SECRET, VERIFIER) if word in url] == []


def test_logout_url_returns_to_the_site(client: Auth0Client) -> None:
    url = client.authorize.logout_url("https://site.example/out/?a=1&b=2")
    assert url.startswith(f"{BASE_URL}/v2/logout?")
    returns = {"client_id": CLIENT_ID, "returnTo": "https://site.example/out/?a=1&b=2"}
    assert query_of(url) == returns


def test_exchange_sends_a_form_with_the_verifier(tenant: Tenant, client: Auth0Client) -> None:
    make(tenant, "exchange_code", client)
    body, headers = sent(tenant)
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert body == {
        "grant_type": "authorization_code",
        "code": AUTHORIZATION_CODE,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
    }


def test_exchange_for_a_link_sends_no_verifier(tenant: Tenant, client: Auth0Client) -> None:
    tenant.post(f"{BASE_URL}/oauth/token", json={"id_token": "a.b.c"})
    client.authorize.exchange_code(AUTHORIZATION_CODE, redirect_uri=CALLBACK)
    assert "code_verifier" not in sent(tenant)[0]
