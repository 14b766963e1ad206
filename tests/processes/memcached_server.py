"""A Memcached of the tests' own, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess

from .redis_server import free_port
from .waiting import wait_until


class MemcachedServer:
    """``memcached`` on loopback; a start begins empty."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        user = ["-u", "root"] if os.geteuid() == 0 else []
        command = ["memcached", "-l", "127.0.0.1", "-p", str(self.port), "-U", "0", *user]
        self._process = subprocess.Popen(command)
        wait_until(self._answers, "Memcached answers")

    def stop(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(60)

    def restart(self) -> None:
        """Have it forget everything, whatever was done to it."""
        self.stop()
        self.start()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as sock:
                sock.sendall(b"version\r\n")
                return sock.recv(64).startswith(b"VERSION")
        except OSError:
            return False
