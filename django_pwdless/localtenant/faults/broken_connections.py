"""Faults of the connection: what a response can suffer on its way."""

from __future__ import annotations

import threading
from collections.abc import Callable

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.socket_writer import Wire, head

Spoiler = Callable[[Wire, Response, threading.Event], None]
ENDLESS = 1 << 40


def reset(wire: Wire, response: Response, released: threading.Event) -> None:
    """Reset the connection without a word."""
    wire.reset()


def closed(wire: Wire, response: Response, released: threading.Event) -> None:
    """Close the connection without a word."""
    wire.close()


def reset_before_body(wire: Wire, response: Response, released: threading.Event) -> None:
    """Send the headers, then reset."""
    wire.send(head(response))
    wire.reset()


def reset_within_body(wire: Wire, response: Response, released: threading.Event) -> None:
    """Send the headers and half of the body, then reset."""
    wire.send(head(response) + _half(response))
    wire.reset()


def closed_within_body(wire: Wire, response: Response, released: threading.Event) -> None:
    """Send the headers and half of the body, then close."""
    wire.send(head(response) + _half(response))
    wire.close()


def timeout(wire: Wire, response: Response, released: threading.Event) -> None:
    """Say nothing at all."""
    wire.hold(released)


def timeout_within_body(wire: Wire, response: Response, released: threading.Event) -> None:
    """Send the headers and half of the body, then nothing."""
    wire.send(head(response) + _half(response))
    wire.hold(released)


def slow_drip(wire: Wire, response: Response, released: threading.Event) -> None:
    """Send the headers, then one blank every 20 ms, for ever."""
    wire.send(head(response, ENDLESS))
    wire.drip(b" ", released)


def slow_headers(wire: Wire, response: Response, released: threading.Event) -> None:
    """Send the status line, then one letter of a header every 20 ms, for ever."""
    wire.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    wire.drip(b"z", released)


def endless(wire: Wire, response: Response, released: threading.Event) -> None:
    """Send the headers, then kilobytes without end."""
    wire.send(head(response, ENDLESS) + b'{"access_token": "')
    while not released.is_set():
        wire.send(b"x" * 65536)
    wire.close()


def garbage(wire: Wire, response: Response, released: threading.Event) -> None:
    """Send what is not HTTP."""
    wire.send(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
    wire.close()


def _half(response: Response) -> bytes:
    body = response.get_data()
    return body[: len(body) // 2]


SPOILERS: dict[str, Spoiler] = {
    spoiler.__name__: spoiler
    for spoiler in (
        reset,
        closed,
        reset_before_body,
        reset_within_body,
        closed_within_body,
        timeout,
        timeout_within_body,
        slow_drip,
        slow_headers,
        endless,
        garbage,
    )
}
