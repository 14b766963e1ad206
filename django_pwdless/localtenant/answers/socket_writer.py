"""One TCP connection: bytes out, and the rude ways to end it."""

from __future__ import annotations

import select
import socket
import struct
import threading
import time

from werkzeug.wrappers import Response

POLL = 0.02
LONGEST = 120.0


class Hangup(Exception):
    """Raised to end a connection instead of serving its next request."""


class SocketWriter:
    """The sending side of one connection.

    Nothing here outlives the client: every wait ends when the client goes away or when the
    event given is set, and after two minutes at the latest.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def send(self, data: bytes) -> None:
        """Send all of ``data``; raise Hangup where nobody listens any more."""
        try:
            self._sock.sendall(data)
        except OSError:
            raise Hangup from None

    def reset(self) -> None:
        """End the connection with a TCP reset."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Hangup

    def close(self) -> None:
        """End the connection in an orderly way."""
        raise Hangup

    def is_abandoned(self) -> bool:
        """Return whether the client went away (it has nothing to say while it waits)."""
        try:
            return bool(select.select([self._sock], [], [], 0)[0])
        except (OSError, ValueError):
            return True

    def hold(self, released: threading.Event) -> None:
        """Say nothing until the client goes away or ``released`` is set, then hang up."""
        deadline = time.monotonic() + LONGEST
        while not (released.wait(POLL) or self.is_abandoned() or time.monotonic() > deadline):
            pass
        raise Hangup

    def drip(self, byte: bytes, released: threading.Event) -> None:
        """Send ``byte`` again and again until the client goes away or ``released`` is set."""
        deadline = time.monotonic() + LONGEST
        while not released.wait(POLL) and time.monotonic() < deadline:
            self.send(byte)
        raise Hangup


def head(response: Response, length: int | None = None, close: bool = False) -> bytes:
    """Return status line and headers; ``length`` overrides the true Content-Length."""
    headers = response.headers.copy()
    size = len(response.get_data()) if length is None else length
    headers["Content-Length"] = str(size)
    headers["Connection"] = "close" if close else "keep-alive"
    lines = [f"HTTP/1.1 {response.status}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join((*lines, "", "")).encode("latin-1", "replace")
