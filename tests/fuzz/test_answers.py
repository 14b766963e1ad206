"""Whatever Auth0 answers, over real HTTP: only values and our own exceptions leave the client."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.http.errors import Answer, error_from
from django_pwdless.auth0.http.retry_after import retry_after
from django_pwdless.auth0.types import FACTORS, Authenticator, Requirements
from django_pwdless.exceptions import Auth0Error, PwdlessError, RateLimited
from tests.auth0.calls import CALLS, CONFIDENTIAL, texts_of
from tests.auth0.keys import BASE_URL, CLIENT_ID, JWKS_URL, SECRET, jwk, rsa_key, token
from tests.auth0.server import ScriptedServer, answer, head, raw

from .answers import ANSWERS, BODY, DESCRIPTIONS, ERRORS, TIMES, DrawnAnswer
from .effort import examples
from .json_values import JSON, SCALARS
from .texts import MARK, TEXTS, WRITTEN_BY_AUTH0

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large")

STORABLE = (str, int, bool, type(None))


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(answer()) as server:
        yield server


@pytest.fixture(scope="module")
def client(server: ScriptedServer) -> Auth0Client:
    return Auth0Client(server.url, CLIENT_ID, client_secret=SECRET, timeout=(2, 2))


def outcome(ask: Any) -> Any:
    """What a call returns, or the exception of ours that it raises."""
    try:
        return ask()
    except PwdlessError as error:
        return error


def check_error(error: Auth0Error) -> None:
    """An exception has a wait that can be kept, and quotes nothing of either side."""
    if isinstance(error, RateLimited):
        assert 1 <= error.retry_after <= 3600
    text = texts_of(error)
    assert not [word for word in (WRITTEN_BY_AUTH0, MARK, SECRET, *CONFIDENTIAL) if word in text]
    assert len(text) < 2000


def check_value(value: Any) -> None:
    """A value is made of text that any database stores and any page shows."""
    text = json.dumps(value, ensure_ascii=False, default=dataclasses.asdict)
    text.encode()
    assert "\\u0000" not in text


@pytest.mark.parametrize("name", CALLS)
def test_any_answer_is_a_value_or_one_of_our_exceptions(
    name: str, server: ScriptedServer, client: Auth0Client
) -> None:
    @examples(5)
    @given(ANSWERS)
    def check(drawn: DrawnAnswer) -> None:
        headers = {**drawn.headers, "Content-Length": len(drawn.body), "Connection": "close"}
        # No comprehension may re-use a name of the function around: CPython 3.12.1 loses it.
        lines = [f"{header}: {value}" for header, value in headers.items()]
        start = "\r\n".join([f"HTTP/1.1 {drawn.status} Reason", *lines, "", ""])
        server.script = raw(start.encode("latin-1") + drawn.body)
        result = outcome(lambda: CALLS[name].ask(client))
        if isinstance(result, PwdlessError):
            assert isinstance(result, Auth0Error)
            check_error(result)
        else:
            assert drawn.status < 300
            check_value(result)

    check()


FRAMES = st.sampled_from(
    [
        *(b"", b"\r\n\r\n", b"HTTP/1.1", b"HTTP/9.9 200 OK\r\n\r\n{}", b"ICY 200 OK\r\n\r\n{}"),
        *(b"HTTP/1.1 99999999999 OK\r\n\r\n{}", b"HTTP/1.1 \xb2\r\n\r\n"),
        *(head(100) * 50 + head(200, content_length=2) + b"{}", head(204), head(304) + b"{}"),
        *(head(200, content_length="-5") + b"{}", head(200, content_length="9" * 30) + b"{}"),
        *(head(200, content_length="2, 3") + b"{}", head(200, content_length="x") + b"{}"),
        *(head(200, transfer_encoding="chunked") + b"zz\r\n{}\r\n0\r\n\r\n",),
        *(head(200, transfer_encoding="chunked") + b"-2\r\n{}\r\n0\r\n\r\n",),
        *(head(200, transfer_encoding="chunked") + b"2;x=y\r\n{}\r\n0\r\nA: b\r\n\r\n",),
        *(head(200, transfer_encoding="chunked") + b"fffffffff\r\n{}",),
        *(head(200, transfer_encoding="gzip, chunked", content_length=3) + b"2\r\n{}\r\n0\r\n",),
        *(b"HTTP/1.1 200 OK\r\n folded: x\r\nno colon\r\n: empty\r\n\r\n{}",),
        *(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70_000 + b"\r\n\r\n{}",),
        *(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n{}",),
        *(b"HTTP/1.1 200 OK\r\nSet-Cookie: \xff\x00=\x00\r\n\r\n{}", b"\x16\x03\x01\x02\x00\x01"),
    ]
)  # fmt: skip


@examples(13)
@given(FRAMES, st.binary(max_size=40), st.integers(0, 120))
def test_what_is_no_http_is_one_of_our_exceptions(
    server: ScriptedServer, client: Auth0Client, frame: bytes, junk: bytes, at: int
) -> None:
    server.script = raw(frame[:at] + junk + frame[at:])
    result = outcome(lambda: CALLS["exchange_otp"].ask(client))
    assert isinstance(result, Auth0Error)
    check_error(result)


@examples(13)
@given(
    st.integers(100, 599), st.sampled_from(ERRORS) | TEXTS, st.sampled_from(DESCRIPTIONS) | TEXTS
)
def test_any_error_becomes_one_of_our_exceptions(status: int, error: str, text: str) -> None:
    data = {"error": error, "error_description": text}
    found = error_from(Answer(status, {}, data))
    assert isinstance(found, Auth0Error)
    check_error(found)


@examples(13)
@given(TIMES | TEXTS, TIMES | TEXTS)
def test_wait_is_between_a_second_and_an_hour_for_any_header(after: str, reset: str) -> None:
    headers = {"Retry-After": after, "x-ratelimit-reset": reset}
    assert 1 <= retry_after(headers) <= 3600


@examples(13)
@given(JSON)
def test_any_requirements_and_lists_name_known_factors(wire: Any) -> None:
    found = Requirements.from_wire(wire)
    listed = outcome(lambda: Authenticator.list_from_wire([wire, {"id": "x", "type": wire}]))
    assert {*found.challenge, *found.enroll} <= {*FACTORS.values()}
    assert {item.factor for item in listed} <= {"", *FACTORS.values()}


def is_plain(value: Any) -> bool:
    """Whether JSON can hold it: one infinite number, and the whole answer is none."""
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True


MEMBERS = st.sampled_from(["kid", "kty", "n", "e", "use", "alg", "d", "x5c", "key_ops", "oth"])
ENTRIES = (st.dictionaries(MEMBERS, SCALARS) | JSON).filter(is_plain)


@examples(5)
@given(entries=st.lists(ENTRIES, max_size=4), status=st.sampled_from([200, 201, 302, 404, 500]))
def test_any_key_set_beside_a_good_key_verifies(entries: list[Any], status: int) -> None:
    client = Auth0Client(BASE_URL, CLIENT_ID)
    signed = token(kid="good", key=rsa_key("good"))
    with responses.RequestsMock() as tenant:
        tenant.get(JWKS_URL, json={"keys": [jwk("good"), *entries]}, status=status)
        result = outcome(lambda: client.verify_id_token(signed))
    assert isinstance(result, dict if status < 300 else PwdlessError)


@examples(8)
@given(BODY, st.integers(200, 599))
def test_any_key_set_is_used_or_refused(body: bytes, status: int) -> None:
    client = Auth0Client(BASE_URL, CLIENT_ID)
    with responses.RequestsMock() as tenant:
        tenant.get(JWKS_URL, body=body, status=status)
        with pytest.raises(PwdlessError):
            client.verify_id_token(token())
