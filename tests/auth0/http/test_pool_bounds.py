"""Answers that never end, in time or in size."""

from __future__ import annotations

import gzip
import socket
from typing import Any

import pytest

from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.http.transport import MAX_BODY_BYTES
from tests.auth0.conftest import client_of
from tests.auth0.keys import CLIENT_ID
from tests.auth0.sending import (
    DRIPS,
    SENT,
    SHORT,
    Serve,
    assert_unavailable,
    start,
    unavailable_soon,
)
from tests.auth0.server import Connection, Request, Script, answer, head, raw

# The whole answer is bounded in time


@pytest.mark.rows(4)
@pytest.mark.parametrize("script", DRIPS.values(), ids=DRIPS)
def test_dripping_answer_ends_by_deadline(serve: Serve, script: Script) -> None:
    assert_unavailable(serve(script), timeout=SHORT)


def test_answer_is_read_where_there_is_no_time_out(serve: Serve) -> None:
    server = serve(answer(SENT))
    never: Any = (None, None)
    start(client_of(server, timeout=never))
    assert len(server.requests) == 1


def test_deadline_begins_anew_on_kept_connection(serve: Serve) -> None:
    def script(connection: Connection, request: Request) -> bool:
        connection.server.stopping.wait(0.1)
        return answer(SENT)(connection, request)

    server = serve(script)
    client = client_of(server, timeout=(3, 0.75))
    for _ in range(8):
        start(client)
    assert server.connections == 1


def test_revoking_ends_within_what_its_caller_has(serve: Serve) -> None:
    client = client_of(serve(DRIPS["body"]), timeout=(60, 60))
    with unavailable_soon():
        client.refresh_tokens.revoke("a token", within=0.2)


def test_silent_tls_server_ends_by_deadline(serve: Serve) -> None:
    # A TCP server that accepts and never begins the handshake.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with unavailable_soon():
            start(Auth0Client(url, CLIENT_ID, timeout=SHORT))


# The whole answer is bounded in size


def endless(before: bytes, piece: bytes) -> Script:
    """Sends for as long as the client reads."""

    def script(connection: Connection, request: Request) -> bool:
        connection.send(before)
        while True:
            connection.send(piece)

    return script


MEGABYTE = b" " * 1024 * 1024
CHUNK = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
BOMB = gzip.compress(MEGABYTE * 64)
FLOODS: dict[str, Script] = {
    "body-to-the-end": endless(head(), MEGABYTE),
    "declared-length": endless(head(content_length=2**40), MEGABYTE),
    "chunks": endless(head(transfer_encoding="chunked"), CHUNK),
    "one-huge-chunk": endless(head(transfer_encoding="chunked") + b"FFFFFFFFFF\r\n", MEGABYTE),
    "negative-chunk": endless(head(transfer_encoding="chunked") + b"-1\r\n", MEGABYTE),
    "very-negative-chunk": endless(head(transfer_encoding="chunked") + b"-5\r\n", MEGABYTE),
    "chunk-size": endless(head(transfer_encoding="chunked"), b"0" * 65536),
    "trailers": endless(head(transfer_encoding="chunked") + b"0\r\n", b"X-More: a\r\n" * 1000),
    "one-header": endless(b"HTTP/1.1 200 OK\r\nX-Long: ", MEGABYTE),
    "headers": endless(b"HTTP/1.1 200 OK\r\n", b"X-More: a\r\n" * 1000),
    "interim-answers": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "redirect": endless(head(302, location="/elsewhere"), MEGABYTE),
    "gzip": endless(head(content_encoding="gzip"), BOMB),
}


@pytest.mark.parametrize("script", FLOODS.values(), ids=FLOODS)
def test_endless_answer_is_cut_off(serve: Serve, script: Script) -> None:
    assert_unavailable(serve(script), timeout=(3, 60))


ONE_ANSWER_TOO_LARGE: dict[str, bytes] = {
    "plain": b'"' + b"a" * MAX_BODY_BYTES + b'"',
    "white-space": b"{}" + b" " * MAX_BODY_BYTES,
}


@pytest.mark.parametrize("body", ONE_ANSWER_TOO_LARGE.values(), ids=ONE_ANSWER_TOO_LARGE)
def test_answer_over_a_megabyte_is_none(serve: Serve, body: bytes) -> None:
    assert_unavailable(serve(raw(head(content_length=len(body)) + body)), timeout=(3, 60))


def test_answer_of_a_megabyte_is_read(serve: Serve) -> None:
    body = b"{}" + b" " * (MAX_BODY_BYTES - 2)
    server = serve(raw(head(content_length=len(body)) + body))
    start(client_of(server))
    assert len(server.requests) == 1


def test_compressed_answer_is_neither_asked_for_nor_unpacked(serve: Serve) -> None:
    body = gzip.compress(b"{}")
    server = serve(raw(head(content_encoding="gzip", content_length=len(body)) + body))
    assert_unavailable(server)
    assert server.requests[0].headers["accept-encoding"] == "identity"
