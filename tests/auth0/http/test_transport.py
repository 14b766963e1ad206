from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
import responses

from django_pwdless.auth0 import Auth0Client, Caller
from django_pwdless.exceptions import AnswerLost, PwdlessError, Unavailable
from tests.auth0.calls import (
    AUTHORIZATION_CODE,
    CALLBACK,
    CALLS,
    CODE,
    EMAIL,
    MFA_TOKEN,
    OOB_CODE,
    PHONE,
    RECOVERY_CODE,
    REFRESH_TOKEN,
    TOKENS,
    make,
    sent,
)
from tests.auth0.conftest import client_of, with_keys
from tests.auth0.keys import BASE_URL, CLIENT_ID, JWKS_URL, SECRET, token
from tests.auth0.server import ScriptedServer, answer, raw

Tenant = responses.RequestsMock
CALLER = Caller(address="203.0.113.7", language="pt-br")
TELEMETRY = {"name": "django-pwdless", "version": "1.0", "env": {"python": "3.12"}}

WITH_CALLER: dict[str, Any] = {
    "start": lambda c: c.passwordless.start("email", EMAIL, caller=CALLER),
    "exchange_otp": lambda c: c.passwordless.exchange_code(
        "email", EMAIL, CODE, scope="openid", caller=CALLER
    ),
    "exchange_code": lambda c: c.authorize.exchange_code(
        AUTHORIZATION_CODE, redirect_uri=CALLBACK, caller=CALLER
    ),
    "challenge": lambda c: c.mfa.challenge(MFA_TOKEN, "sms|dev_1", caller=CALLER),
    "enroll_app": lambda c: c.mfa.enroll_app(MFA_TOKEN, caller=CALLER),
    "enroll_push": lambda c: c.mfa.enroll_push(MFA_TOKEN, caller=CALLER),
    "enroll_phone": lambda c: c.mfa.enroll_phone(MFA_TOKEN, PHONE, "sms", caller=CALLER),
    "verify_app": lambda c: c.mfa.verify_app_code(MFA_TOKEN, CODE, caller=CALLER),
    "verify_oob": lambda c: c.mfa.verify_out_of_band(MFA_TOKEN, OOB_CODE, caller=CALLER),
    "verify_recovery": lambda c: c.mfa.verify_recovery_code(
        MFA_TOKEN, RECOVERY_CODE, caller=CALLER
    ),
    "refresh": lambda c: c.refresh_tokens.refresh(REFRESH_TOKEN, caller=CALLER),
    "revoke": lambda c: c.refresh_tokens.revoke(REFRESH_TOKEN, caller=CALLER),
}


@pytest.mark.parametrize(("call", "ask"), WITH_CALLER.items())
def test_caller_goes_into_the_headers(
    tenant: Tenant, client: Auth0Client, call: str, ask: Any
) -> None:
    tenant.post(BASE_URL + CALLS[call].path, json=CALLS[call].success)
    ask(client)
    _, headers = sent(tenant)
    assert headers["auth0-forwarded-for"] == "203.0.113.7"
    assert headers["x-request-language"] == "pt-br"


@pytest.mark.parametrize("call", CALLS)
def test_without_caller_there_are_no_such_headers(
    tenant: Tenant, client: Auth0Client, call: str
) -> None:
    make(tenant, call, client)
    names = {name.lower() for name in sent(tenant)[1]}
    assert not names & {"auth0-forwarded-for", "x-request-language", "auth0-client", "cookie"}


@pytest.mark.parametrize("call", CALLS)
def test_telemetry_can_be_decoded(tenant: Tenant, call: str) -> None:
    told = Auth0Client(BASE_URL, CLIENT_ID, client_secret=SECRET, telemetry=TELEMETRY)
    client = with_keys(told)
    make(tenant, call, client)
    encoded = sent(tenant)[1]["Auth0-Client"]
    assert json.loads(base64.b64decode(encoded, validate=True)) == TELEMETRY


@pytest.mark.parametrize("call", CALLS)
def test_call_is_one_request(tenant: Tenant, client: Auth0Client, call: str) -> None:
    make(tenant, call, client)
    assert len(tenant.calls) == 1


@pytest.mark.parametrize("call", CALLS)
def test_no_answer_is_unavailable(tenant: Tenant, client: Auth0Client, call: str) -> None:
    with pytest.raises(Unavailable, match="no answer") as caught:
        CALLS[call].ask(client)  # no address is known to the tenant, so nothing answers
    assert (caught.value.status, caught.value.__context__) == (0, None)


@pytest.mark.parametrize("language", ["en\r\nX-Injected: 1", "en\n", "\u202e", "\ud800"])
def test_header_that_cannot_be_sent_is_not(
    serve: Callable[..., ScriptedServer], language: str
) -> None:
    server = serve(answer({}))
    with pytest.raises(PwdlessError):
        client_of(server).passwordless.start("email", EMAIL, caller=Caller(language=language))
    assert server.requests == []


# A confirmation brings nothing that anybody reads.
EXCHANGES = [
    name
    for name, call in CALLS.items()
    if call.path == "/oauth/token" and not name.startswith("confirm")
]


@pytest.mark.parametrize("call", EXCHANGES)
def test_nothing_is_exchanged_before_the_keys_are_at_hand(tenant: Tenant, call: str) -> None:
    """A code that is spent is lost where nobody can read what it brought."""
    client = Auth0Client(BASE_URL, CLIENT_ID, client_secret=SECRET)
    tenant.get(JWKS_URL, status=503)
    with pytest.raises(Unavailable):
        make(tenant, call, client)
    assert [made.request.url for made in tenant.calls] == [JWKS_URL]


@pytest.mark.parametrize("call", EXCHANGES)
def test_exchange_by_the_secret_needs_no_keys(tenant: Tenant, call: str) -> None:
    client = Auth0Client(BASE_URL, CLIENT_ID, client_secret=SECRET, algorithm="HS256")
    make(tenant, call, client)
    assert len(tenant.calls) == 1


def test_key_set_is_fetched_without_credentials(tenant: Tenant) -> None:
    client = Auth0Client(BASE_URL, CLIENT_ID, client_secret=SECRET)
    tenant.get(JWKS_URL, json={"keys": []})
    with pytest.raises(Unavailable):
        client.verify_id_token(token())
    request = tenant.calls[-1].request
    assert (request.body, "Authorization" in request.headers) == (None, False)


def test_tokens_are_not_shown(tenant: Tenant, client: Auth0Client) -> None:
    every = ("id_token", "access_token", "refresh_token", "recovery_code")
    answer = {name: f"secret-{name}" for name in every}
    tokens = make(tenant, "exchange_otp", client, json={**TOKENS, **answer, "expires_in": 60})
    assert tokens.access_token == "secret-access_token"
    assert "secret" not in f"{tokens} {tokens!r}"


# Whether what was asked for may have been done


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"])
def test_answer_that_breaks_off_is_lost(serve: Callable[..., ScriptedServer], data: bytes) -> None:
    client = client_of(serve(raw(data)), algorithm="HS256")
    with pytest.raises(AnswerLost):
        client.refresh_tokens.refresh(REFRESH_TOKEN)


def test_what_nobody_took_is_not_lost() -> None:
    with socket.socket() as taken:
        # Bound, and nobody listens.
        taken.bind(("127.0.0.1", 0))
        base_url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        client = Auth0Client(base_url, CLIENT_ID, client_secret=SECRET, algorithm="HS256")
        with pytest.raises(Unavailable) as caught:
            client.refresh_tokens.refresh(REFRESH_TOKEN)
    assert type(caught.value) is Unavailable


@pytest.mark.parametrize("body", ["", "OK", "[]"])
def test_what_answers_a_revocation_is_not_looked_at(
    tenant: Tenant, client: Auth0Client, body: str
) -> None:
    tenant.post(f"{BASE_URL}/oauth/revoke", body=body)
    client.refresh_tokens.revoke(REFRESH_TOKEN)
    assert sent(tenant)[0]["token"] == REFRESH_TOKEN
