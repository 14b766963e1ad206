"""Bodies that nobody promised."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from django_pwdless import exceptions as exc
from django_pwdless.auth0 import Auth0Client
from tests.auth0.calls import CALLS, error_of, make

Tenant = responses.RequestsMock
ODD_BODIES = {
    "html": b"<!doctype html><title>502 Bad Gateway</title>",
    "empty": b"",
    "blank": b"  \n",
    "null": b"null",
    "true": b"true",
    "number": b"5",
    "string": b'"error"',
    "list": b'[{"error": "invalid_grant"}]',
    "truncated": b'{"error": "invalid_gr',
    "two-values": b'{"a": 1}{"a": 1}',
    "latin-1": '{"error": "é"}'.encode("latin-1"),
    "half-utf-16": b"\xff\xfe{",
    "deep-list": b"[" * 200_000,
    "deep-object": b'{"a":' * 100_000,
    "deep-and-closed": b"[" * 100_000 + b"]" * 100_000,
    "nan": b'{"id_token": "a.b.c", "expires_in": NaN}',
    "infinity": b'{"id_token": "a.b.c", "expires_in": -Infinity}',
    "huge-integer": b'{"id_token": "a.b.c", "expires_in": ' + b"9" * 5000 + b"}",
}
SHAPES = [*ODD_BODIES.values()]


@pytest.mark.parametrize("status", [200, 201, 204, 302, 400, 401, 403, 404, 418, 500, 503])
@pytest.mark.parametrize("body", SHAPES, ids=ODD_BODIES)
def test_odd_body_is_unavailable(
    tenant: Tenant, client: Auth0Client, status: int, body: bytes
) -> None:
    found = error_of(tenant, "exchange_otp", client, status=status, body=body)
    # What was asked for may have been done where it says so.
    assert type(found) is (exc.AnswerLost if status in (200, 201) else exc.Unavailable)


@pytest.mark.parametrize("body", SHAPES, ids=ODD_BODIES)
def test_odd_body_under_429_is_a_limit(tenant: Tenant, client: Auth0Client, body: bytes) -> None:
    found = error_of(tenant, "exchange_otp", client, status=429, body=body)
    assert isinstance(found, exc.RateLimited)
    assert found.retry_after == 60


@pytest.mark.parametrize("value", [None, 1, True, [], ["invalid_grant"], {"a": 1}, ""])
def test_error_of_another_type_is_unavailable(
    tenant: Tenant, client: Auth0Client, value: Any
) -> None:
    body = {"error": value, "error_description": value}
    found = error_of(tenant, "exchange_otp", client, status=403, json=body)
    assert (type(found), found.error) == (exc.Unavailable, "")


@pytest.mark.parametrize("value", [1, True, ["invalid_grant"], {"message": "no"}, "Some words"])
@pytest.mark.parametrize("call", ["start", "exchange_otp", "enroll_app"])
def test_success_that_holds_an_error_is_none(
    tenant: Tenant, client: Auth0Client, call: str, value: Any
) -> None:
    body = {**CALLS[call].success, "error": value}
    found = error_of(tenant, call, client, status=200, json=body)
    assert type(found) is exc.AnswerLost


@pytest.mark.parametrize("empty", [None, "", False, {}, []])
def test_success_with_empty_error_is_one(tenant: Tenant, client: Auth0Client, empty: Any) -> None:
    found = make(tenant, "exchange_otp", client, json={"id_token": "a.b.c", "error": empty})
    assert found.id_token == "a.b.c"


@pytest.mark.parametrize("status", [199, 300, 304, 399, 400])
def test_success_is_one_under_2xx_only(tenant: Tenant, client: Auth0Client, status: int) -> None:
    found = error_of(tenant, "exchange_otp", client, status=status)
    assert type(found) is exc.Unavailable


def test_error_stands_where_code_is_unknown_too(tenant: Tenant, client: Auth0Client) -> None:
    body = {"error": "something_new", "code": "something_else"}
    found = error_of(tenant, "start", client, status=400, json=body)
    assert found.error == "something_new"


def test_refusal_under_200_is_a_refusal(tenant: Tenant, client: Auth0Client) -> None:
    body = {"error": "invalid_grant", "id_token": "a.b.c"}
    found = error_of(tenant, "exchange_otp", client, status=200, json=body)
    assert type(found) is exc.InvalidCode


@pytest.mark.parametrize("error", ["Bad Request", "", None, 7, "BadRequest", "something_new"])
def test_code_is_read_where_error_is_no_code(
    tenant: Tenant, client: Auth0Client, error: Any
) -> None:
    body = {"error": error, "code": "invalid_captcha", "description": "…"}
    found = error_of(tenant, "start", client, status=400, json=body)
    assert type(found) is exc.VerificationRequired


def test_description_is_read_under_its_other_name(tenant: Tenant, client: Auth0Client) -> None:
    body = {"code": "bad.connection", "description": "Public signup is disabled"}
    found = error_of(tenant, "start", client, status=400, json=body)
    assert type(found) is exc.SignupDisabled
