from __future__ import annotations

from typing import Any

import pytest
import responses

from django_pwdless.auth0 import Auth0Client
from django_pwdless.exceptions import Unavailable

from .calls import CALLBACK, CALLS, CODE, EMAIL, PHONE, make, sent
from .keys import BASE_URL, CLIENT_ID, SECRET

Tenant = responses.RequestsMock
CREDENTIALS = {"client_id": CLIENT_ID, "client_secret": SECRET}
GRANT = "http://auth0.com/oauth/grant-type/passwordless/otp"

# What answers them well says no more than that.
SILENT = ("start", "revoke", "delete")


@pytest.fixture(autouse=True)
def accepting(tenant: Tenant) -> None:
    tenant.post(f"{BASE_URL}/passwordless/start", json={"_id": "1", "email_verified": True})


def test_start_by_email_sends_a_code(tenant: Tenant, client: Auth0Client) -> None:
    client.passwordless.start("email", EMAIL)
    body, headers = sent(tenant)
    assert body == {"connection": "email", "email": EMAIL, "send": "code", **CREDENTIALS}
    assert headers["Content-Type"] == "application/json"


def test_start_by_sms_sends_a_code(tenant: Tenant, client: Auth0Client) -> None:
    client.passwordless.start("sms", PHONE)
    body, _ = sent(tenant)
    assert body == {"connection": "sms", "phone_number": PHONE, "send": "code", **CREDENTIALS}


def test_start_of_a_link_sends_its_parameters(tenant: Tenant, client: Auth0Client) -> None:
    params = {"redirect_uri": CALLBACK, "response_type": "code", "state": "s", "nonce": "n"}
    client.passwordless.start("email", EMAIL, send="link", auth_params=params)
    body, _ = sent(tenant)
    link = {"connection": "email", "email": EMAIL, "send": "link", "authParams": params}
    assert body == {**link, **CREDENTIALS}


def test_start_keeps_an_identifier_as_it_is(tenant: Tenant, client: Auth0Client) -> None:
    identifier = 'O\'Brien+"tag"&x=1@exämple.com'
    client.passwordless.start("email", identifier)
    assert sent(tenant)[0]["email"] == identifier


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("body", [{}, {"_id": "1"}, {"email": None}, {"phone_verified": "yes"}])
def test_start_returns_nothing_of_the_answer(
    tenant: Tenant, client: Auth0Client, status: int, body: Any
) -> None:
    assert make(tenant, "start", client, status=status, json=body) is None


@pytest.mark.parametrize("call", SILENT)
def test_start_and_revoke_may_be_answered_by_nothing(
    tenant: Tenant, client: Auth0Client, call: str
) -> None:
    assert make(tenant, call, client, status=204, body=b"") is None


@pytest.mark.parametrize("call", [name for name in CALLS if name not in SILENT])
def test_no_content_is_no_answer_where_one_is_needed(
    tenant: Tenant, client: Auth0Client, call: str
) -> None:
    with pytest.raises(Unavailable):
        make(tenant, call, client, status=204, body=b"")


@pytest.mark.parametrize("body", [[], "sent", 1, True, None])
def test_start_answered_by_no_object_is_unavailable(
    tenant: Tenant, client: Auth0Client, body: Any
) -> None:
    with pytest.raises(Unavailable):
        make(tenant, "start", client, json=body)


def test_exchange_sends_a_form(tenant: Tenant, client: Auth0Client) -> None:
    make(tenant, "exchange_otp", client)
    body, headers = sent(tenant)
    code = {"grant_type": GRANT, "realm": "email", "username": EMAIL, "otp": CODE}
    assert body == {**code, "scope": "openid", **CREDENTIALS}
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_exchange_names_the_audience_where_there_is_one(
    tenant: Tenant, client: Auth0Client
) -> None:
    tenant.post(f"{BASE_URL}/oauth/token", json={"id_token": "a.b.c"})
    client.passwordless.exchange_code(
        "sms", PHONE, CODE, scope="openid phone", audience="https://api.example"
    )
    body, _ = sent(tenant)
    assert (body["realm"], body["username"]) == ("sms", PHONE)
    assert (body["scope"], body["audience"]) == ("openid phone", "https://api.example")


@pytest.mark.parametrize("audience", [None, ""])
def test_exchange_sends_no_empty_audience(
    tenant: Tenant, client: Auth0Client, audience: str | None
) -> None:
    tenant.post(f"{BASE_URL}/oauth/token", json={"id_token": "a.b.c"})
    client.passwordless.exchange_code("email", EMAIL, CODE, scope="openid", audience=audience)
    assert "audience" not in sent(tenant)[0]


def test_exchange_replaces_what_cannot_be_encoded(tenant: Tenant, client: Auth0Client) -> None:
    tenant.post(f"{BASE_URL}/oauth/token", json={"id_token": "a.b.c"})
    client.passwordless.exchange_code("email", EMAIL, "12\ud80034", scope="openid")
    assert sent(tenant)[0]["otp"] == "12?34"


def test_exchange_escapes_what_people_typed(tenant: Tenant, client: Auth0Client) -> None:
    tenant.post(f"{BASE_URL}/oauth/token", json={"id_token": "a.b.c"})
    client.passwordless.exchange_code("email", "a&realm=sms@b.c", "1&x=2+3 4", scope="openid")
    body, _ = sent(tenant)
    assert (body["realm"], body["username"]) == ("email", "a&realm=sms@b.c")
    assert body["otp"] == "1&x=2+3 4"
