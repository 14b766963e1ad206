"""Calls over real sockets, and what they must end in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from django_pwdless.auth0 import Auth0Client
from django_pwdless.exceptions import Unavailable

from .conftest import client_of
from .server import Connection, Request, Script, ScriptedServer, head

Serve = Callable[..., ScriptedServer]
SENT = {"_id": "1", "email": "a@example.com"}
# Beyond this, a test that waits for a time-out of half a second has found none.
FAR_TOO_LONG = 5
# Time-outs where it does not matter what the server has seen until then.
SHORT = (0.1, 0.1)


def start(client: Auth0Client) -> None:
    client.passwordless.start("email", "a@example.com")


@contextmanager
def unavailable_soon() -> Iterator[None]:
    """What happens inside ends in ``Unavailable``, long before a server would have ended it."""
    began = time.monotonic()
    with pytest.raises(Unavailable):
        yield
    assert time.monotonic() - began < FAR_TOO_LONG


def assert_unavailable(server: ScriptedServer, **options: Any) -> None:
    """A call of this server ends in ``Unavailable``, and soon."""
    client = client_of(server, **{"timeout": (0.3, 0.3), **options})
    with unavailable_soon():
        start(client)


def dripping(before: bytes, pieces: Any) -> Script:
    def script(connection: Connection, request: Request) -> bool:
        connection.send(before)
        connection.drip(pieces)

    return script


DRIPS: dict[str, Script] = {
    "status-line": dripping(b"", b"HTTP/1.1 200 " + b"O"),
    "headers": dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
    "many-headers": dripping(b"HTTP/1.1 200 OK\r\n", [b"X-Slow: a\r\n"]),
    "interim-answers": dripping(b"", [b"HTTP/1.1 100 Continue\r\n\r\n"]),
    "body": dripping(head(content_length=200), b" "),
    "body-to-the-end": dripping(head(), b" "),
    "chunks": dripping(head(transfer_encoding="chunked"), [b"1\r\n \r\n"]),
    "chunk-size": dripping(head(transfer_encoding="chunked"), [b"0"]),
    "trailers": dripping(head(transfer_encoding="chunked") + b"0\r\n", [b"X-Slow: a\r\n"]),
}
SOME_DRIPS = {name: DRIPS[name] for name in ("headers", "body", "chunks")}
