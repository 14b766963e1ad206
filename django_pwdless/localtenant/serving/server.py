"""The sockets: a listener on loopback and a thread for each connection."""

from __future__ import annotations

import contextlib
import itertools
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable

from django_pwdless.localtenant.loopback import is_loopback

from .application import Application
from .connection import Connection

BACKLOG = 128
PATIENCE = 5.0
WINDING_UP = 0.3


class Server:
    """Serves an application over HTTP/1.1 with keep-alive, on loopback only.

    Raises ValueError for a host that is not this machine's loopback.
    """

    def __init__(
        self, host: str, port: int, application: Application, tls: ssl.SSLContext | None = None
    ) -> None:
        if not is_loopback(host):
            raise ValueError(f"{host!r} is not a loopback address; the tenant serves no other")
        self.host = host
        self.port: int = port
        self._application = application
        self._tls = tls
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._live: dict[Connection, threading.Thread] = {}
        self._listener: _Listener | None = None

    @property
    def is_listening(self) -> bool:
        """Whether new connections are accepted."""
        return self._listener is not None

    def listen(self) -> None:
        """Accept connections; a port of 0 is settled the first time."""
        with self._lock:
            if self._listener is None:
                self._listener = _Listener(self.host, self.port, self._serve)
                self.port = self._listener.port

    def refuse(self) -> None:
        """Refuse new connections and drop the idle ones; requests under way are answered."""
        with self._lock:
            listener, self._listener = self._listener, None
        if listener:
            listener.close()
        with self._lock:
            # Not before: the listener may have accepted another one.
            live = dict(self._live)
        for connection in live:
            connection.shut_if_idle(PATIENCE)
        self._wait_for(live.values(), WINDING_UP)

    def stop(self) -> None:
        """Refuse, drop all connections and wait for their threads."""
        self.refuse()
        with self._lock:
            live = dict(self._live)
        for connection in live:
            connection.shut()
        self._wait_for(live.values(), PATIENCE)

    def _wait_for(self, threads: Iterable[threading.Thread], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))

    def _serve(self, sock: socket.socket, peer: str) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            # Not before: the port may only just be settled.
            place = (self.host, self.port)
            connection = Connection(
                sock, peer, next(self._numbers), place, lambda: self.is_listening
            )
            thread = threading.Thread(target=self._run, args=(connection,), daemon=True)
            self._live[connection] = thread
        thread.start()

    def _run(self, connection: Connection) -> None:
        try:
            connection.serve(self._application, self._tls)
        finally:
            with self._lock:
                self._live.pop(connection, None)
            connection.close()


class _Listener:
    """A listening socket with a thread that accepts."""

    def __init__(self, host: str, port: int, serve: Callable[[socket.socket, str], None]) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((host, port))
            self._socket.listen(BACKLOG)
        except (OSError, OverflowError):
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        self._serve = serve
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and end the thread."""
        self._wake.close()
        if self._thread is not threading.current_thread():
            self._thread.join(PATIENCE)

    def _accept(self) -> None:
        with contextlib.ExitStack() as stack:
            selector = stack.enter_context(selectors.DefaultSelector())
            for sock in (self._socket, self._woken):
                stack.enter_context(sock)
                selector.register(sock, selectors.EVENT_READ)
            while self._accept_one(selector):
                pass

    def _accept_one(self, selector: selectors.BaseSelector) -> bool:
        if any(key.fileobj is self._woken for key, _ in selector.select()):
            return False
        with contextlib.suppress(OSError):
            sock, address = self._socket.accept()
            self._serve(sock, address[0])
        return True
