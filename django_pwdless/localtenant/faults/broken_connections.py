"""Faults of the connection: what a response can suffer on its way."""

from __future__ import annotations

import threading
from collections.abc import Callable

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.socket_writer import SocketWriter, head

Spoiler = Callable[[SocketWriter, Response, threading.Event], None]
ENDLESS = 1 << 40


def reset(writer: SocketWriter, response: Response, released: threading.Event) -> None:
    """Reset the connection without a word."""
    writer.reset()


def closed(writer: SocketWriter, response: Response, released: threading.Event) -> None:
    """Close the connection without a word."""
    writer.close()


def reset_before_body(writer: SocketWriter, response: Response, released: threading.Event) -> None:
    """Send the headers, then reset."""
    writer.send(head(response))
    writer.reset()


def reset_within_body(writer: SocketWriter, response: Response, released: threading.Event) -> None:
    """Send the headers and half of the body, then reset."""
    writer.send(head(response) + _half(response))
    writer.reset()


def closed_within_body(writer: SocketWriter, response: Response, released: threading.Event) -> None:
    """Send the headers and half of the body, then close."""
    writer.send(head(response) + _half(response))
    writer.close()


def timeout(writer: SocketWriter, response: Response, released: threading.Event) -> None:
    """Say nothing at all."""
    writer.hold(released)


def timeout_within_body(
    writer: SocketWriter, response: Response, released: threading.Event
) -> None:
    """Send the headers and half of the body, then nothing."""
    writer.send(head(response) + _half(response))
    writer.hold(released)


def slow_drip(writer: SocketWriter, response: Response, released: threading.Event) -> None:
    """Send the headers, then one blank every 20 ms, for ever."""
    writer.send(head(response, ENDLESS))
    writer.drip(b" ", released)


def slow_headers(writer: SocketWriter, response: Response, released: threading.Event) -> None:
    """Send the status line, then one letter of a header every 20 ms, for ever."""
    writer.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    writer.drip(b"z", released)


def endless(writer: SocketWriter, response: Response, released: threading.Event) -> None:
    """Send the headers, then kilobytes without end."""
    writer.send(head(response, ENDLESS) + b'{"access_token": "')
    while not released.is_set():
        writer.send(b"x" * 65536)
    writer.close()


def garbage(writer: SocketWriter, response: Response, released: threading.Event) -> None:
    """Send what is not HTTP."""
    writer.send(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
    writer.close()


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
