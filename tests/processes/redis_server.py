"""A Redis of the tests' own, on a free port, which can be stopped, frozen and started again."""

from __future__ import annotations

import signal
import socket
import subprocess
from pathlib import Path

from .waiting import wait_until

STARTS = 5


class RedisServer:
    """``redis-server`` on loopback, without persistence: a start begins empty.

    With a ``config`` of its own it is as that says, but for the port.
    """

    def __init__(self, folder: Path, config: Path | None = None) -> None:
        self._folder = folder
        self._config = [] if config is None else [config]
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start on the port it had before, at first on a free one."""
        for _ in range(STARTS):
            port = self.port or free_port()
            plain = ["--bind", "127.0.0.1", "--save", "", "--dir", self._folder]
            options = [*(self._config or plain), "--port", port]
            command = ["redis-server", *(str(option) for option in options)]
            log = (self._folder / "redis.log").open("ab")
            with log:
                self._process = subprocess.Popen(command, stdout=log, stderr=log)
            wait_until(lambda port=port: self._has_ended or _answers(port), "Redis answers")
            if not self._has_ended:
                self.port = port
                return
        raise RuntimeError((self._folder / "redis.log").read_text())

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it: politely, or at once with ``SIGKILL``."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.send_signal(signal.SIGCONT)
            self._process.wait(60)

    def freeze(self) -> None:
        """Let it accept connections, and answer nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def revive(self) -> None:
        """Make it answer again, whatever was done to it, and forget everything."""
        if self._has_ended:
            self.start()
        self.thaw()
        wait_until(lambda: _answers(self.port), "Redis answers")
        assert _ask(self.port, b"FLUSHALL\r\n") == b"+OK\r\n"

    @property
    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    return _ask(port, b"PING\r\n") == b"+PONG\r\n"


def _ask(port: int, command: bytes) -> bytes:
    """Return the answer to an inline command; empty where there is none."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as sock:
            sock.sendall(command)
            return sock.recv(64)
    except OSError:
        return b""
