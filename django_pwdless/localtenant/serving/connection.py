"""One TCP connection: requests in, answers out, as HTTP/1.1."""

from __future__ import annotations

import contextlib
import io
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote

from django_pwdless.localtenant.answers.socket_writer import Hangup, SocketWriter, head

from .application import Application, Caller, Reply

LARGEST_BODY = 1 << 20
LONGEST_LINE = 1 << 16
IDLE = 600.0


class Connection:
    """A connection that one thread serves until either side ends it.

    ``place`` is the host and port that were called; ``is_wanted`` tells whether it may go on
    after an answer.
    """

    def __init__(
        self,
        sock: socket.socket,
        peer: str,
        number: int,
        place: tuple[str, int],
        is_wanted: Callable[[], bool],
    ) -> None:
        self.socket: socket.socket = sock
        self.peer = peer
        self.number = number
        self.place = place
        self.is_wanted = is_wanted
        #: Whether a request waits for its answer.
        self.is_busy = False
        #: Held from an answer's first byte until it is noted that its last one is out.
        self.sending: threading.Lock = threading.Lock()

    def serve(self, application: Application, tls: ssl.SSLContext | None) -> None:
        """Answer requests until the connection ends; no error of the client's leaves here."""
        with contextlib.suppress(OSError, Hangup):
            self.socket.settimeout(IDLE)
            if tls is not None:
                # Not yet the handshake: until this is assigned, nobody could interrupt it.
                self.socket = secured = tls.wrap_socket(
                    self.socket, server_side=True, do_handshake_on_connect=False
                )
                secured.do_handshake()
            _Requests(self, application)

    def shut_if_idle(self, patience: float) -> None:
        """Wake it where no request is under way; wait for an answer that is just being sent."""
        is_free = self.sending.acquire(timeout=patience)
        try:
            if not self.is_busy:
                self.shut()
        finally:
            if is_free:
                self.sending.release()

    def shut(self) -> None:
        """Wake whatever waits for this connection, from another thread."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the socket back."""
        self.socket.close()


class _Requests(BaseHTTPRequestHandler):
    """Parses requests by the standard library and has them answered."""

    protocol_version = "HTTP/1.1"
    server_version = "local-tenant"
    sys_version = ""

    def __init__(self, connection: Connection, application: Application) -> None:
        self._connection = connection
        self._application = application
        self._served = 0
        super().__init__(connection.socket, (connection.peer, 0), None)  # type: ignore[arg-type]

    def handle_one_request(self) -> None:
        """Read one request, answer it, and say whether the connection goes on."""
        self.raw_requestline = self.rfile.readline(LONGEST_LINE + 1)
        if len(self.raw_requestline) > LONGEST_LINE:
            self.requestline = self.command = ""
            self.request_version = self.protocol_version
            self._give_up(414)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        self._connection.is_busy = True
        self._deliver(self._application.reply(self._environ(), self._caller()))
        self._served += 1

    def _deliver(self, reply: Reply) -> None:
        writer = SocketWriter(self._connection.socket)
        if reply.spoil is not None:
            reply.spoil(writer, reply.response, reply.released or threading.Event())
        body = b"" if self.command == "HEAD" else reply.response.get_data()
        with self._connection.sending:
            if not self._connection.is_wanted():
                self.close_connection = True
            writer.send(head(reply.response, close=self.close_connection) + body)
            self._connection.is_busy = False

    def _caller(self) -> Caller:
        return Caller(self._connection.number, self._connection.peer, self._served == 0)

    def _environ(self) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        host, port = self._connection.place
        body = self._body()
        return {
            **self._header_fields(),
            "REQUEST_METHOD": self.command,
            "PATH_INFO": unquote(path, "latin-1"),
            "SCRIPT_NAME": "",
            "QUERY_STRING": query,
            "REMOTE_ADDR": self._connection.peer,
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
        }

    def _header_fields(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            if key == "CONTENT_TYPE":
                fields[key] = value
            elif key != "CONTENT_LENGTH":
                before = fields.get(f"HTTP_{key}")
                fields[f"HTTP_{key}"] = f"{before}, {value}" if before else value
        return fields

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        plain = length.isascii() and length.isdigit() and len(length) < 10
        if "Transfer-Encoding" in self.headers or not plain:
            self._give_up(411)
        if int(length) > LARGEST_BODY:
            self._give_up(413)
        return self.rfile.read(int(length))

    def _give_up(self, status: int) -> None:
        self.close_connection = True
        self.send_error(status)
        raise Hangup

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent: requests are recorded, not printed."""
