"""A scripted HTTP server on loopback, for what only real sockets can show."""

from __future__ import annotations

import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from typing import Any, NoReturn


@dataclass(frozen=True)
class Request:
    """What the server read; ``connection`` counts from 1."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    connection: int


# Writes an answer; whether the connection stays open.
Script = Callable[["Connection", Request], bool]


class Connection(socketserver.StreamRequestHandler):
    """Reads requests one after the other and hands each to the server's script."""

    server: ScriptedServer
    disable_nagle_algorithm = True

    def handle(self) -> None:
        number = self.server.welcome(self.request)
        try:
            self.server.greet(self)
            while request := self._read(number):
                self.server.requests.append(request)
                if not self.server.script(self, request):
                    return
        except OSError:
            pass  # the client went away, which is what many of these tests are about

    def send(self, data: bytes) -> None:
        self.wfile.write(data)

    def drip(self, data: bytes | Iterable[bytes]) -> NoReturn:
        """Send the pieces, bytes or chunks, thirty a second, again and again."""
        pieces = [bytes([byte]) for byte in data] if isinstance(data, bytes) else data
        endless = cycle(pieces)
        while True:
            self.send(next(endless))
            self.server.stopping.wait(1 / 30)

    def stall(self) -> None:
        """Say nothing more."""
        self.server.stopping.wait()

    def _read(self, number: int) -> Request | None:
        line = self.rfile.readline().decode()
        if not line:
            return None
        method, target, _ = line.split(" ", 2)
        headers = {}
        while (line := self.rfile.readline().decode().strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", 0)))
        return Request(method, target, headers, body, number)


# What comes before the first request of a connection.
Greeting = Callable[[Connection], None]


def say_nothing(connection: Connection) -> None:
    pass


def speak_socks(connection: Connection) -> None:
    """Play a SOCKS5 proxy (RFC 1928) that is its own target: any name, no authentication."""
    connection.rfile.read1()
    connection.send(b"\5\0")
    connection.rfile.read1()
    connection.send(b"\5\0\0\1" + bytes(6))


class ScriptedServer(socketserver.ThreadingTCPServer):
    """Answers each request by ``script``; keeps the requests and counts the connections."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, script: Script, tls: ssl.SSLContext | None = None, greet: Greeting = say_nothing
    ) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.script = script
        self.greet = greet
        self.requests: list[Request] = []
        self.stopping = threading.Event()
        self._tls = tls
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://localhost:{self.port}"

    @property
    def connections(self) -> int:
        """How many there have been."""
        return len(self._sockets)

    def welcome(self, sock: socket.socket) -> int:
        """Remember a connection; return its number."""
        with self._lock:
            self._sockets.append(sock)
            return len(self._sockets)

    def get_request(self) -> tuple[Any, Any]:
        sock, address = super().get_request()
        if self._tls is not None:
            # The handshake happens at the first read, in the connection's own thread.
            sock = self._tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return sock, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: a client that breaks off is no failure of the server."""

    def __enter__(self) -> ScriptedServer:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()
        for sock in self._sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def head(status: int = 200, **headers: object) -> bytes:
    """A status line and headers; ``content_length`` and the like stand for dashes."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status} Reason", *lines, "", ""]).encode()


def answer(data: Any = None, status: int = 200, **headers: object) -> Script:
    """A script that answers everything with this JSON value and keeps the connection."""
    body = json.dumps(data).encode()

    def script(connection: Connection, request: Request) -> bool:
        connection.send(head(status, content_length=len(body), **headers) + body)
        return True

    return script


def raw(data: bytes) -> Script:
    """A script that answers with these bytes and closes."""

    def script(connection: Connection, request: Request) -> bool:
        connection.send(data)
        return False

    return script
