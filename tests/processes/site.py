"""A site behind one port: a server of the tests' own, and its workers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests

from .waiting import wait_until

WORKERS = 4
# Stopped workers must not be taken for hung ones.
GUNICORN = [
    *("gunicorn", "--workers", str(WORKERS), "--timeout", "300", "--graceful-timeout", "60"),
    *("--bind", "fd://{fd}", "tests.processes.site_wsgi"),
]
# Over ASGI, by modules that are run.
SERVERS = {
    "uvicorn": [
        *("uvicorn", "--workers", "2", "--fd", "{fd}", "--lifespan", "off"),
        *("--log-level", "warning", "tests.processes.site_asgi:application"),
    ],
    "hypercorn": [
        *("hypercorn", "--workers", "2", "--bind", "fd://{fd}"),
        "tests.processes.site_asgi:application",
    ],
}


class Site:
    """A server of several processes; ``environment`` is what its settings read."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._settings = folder / "pwdless.json"
        self._log = folder / "server.log"
        self._environment = {
            **os.environ,
            **environment,
            "DJANGO_SETTINGS_MODULE": "tests.processes.site_settings",
            "SITE_PWDLESS": str(self._settings),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self, *options: str, server: Sequence[str] = GUNICORN) -> None:
        """Serve; ``options`` are the server's. Who asks before the workers are ready waits."""
        with socket.socket() as listener, self._log.open("wb") as log:
            listener.bind(("127.0.0.1", 0))
            listener.listen(128)
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self._ends_by = signal.SIGQUIT if server is GUNICORN else signal.SIGTERM
            name, *rest = (word.format(fd=listener.fileno()) for word in server)
            self._process = subprocess.Popen(
                [sys.executable, "-m", name, *options, *rest],
                env=self._environment,
                pass_fds=[listener.fileno()],
                start_new_session=True,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        """End all its processes, those too that hang."""
        if self._process is not None:
            self._process.send_signal(self._ends_by)
            try:
                self._process.wait(60)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)

    def configure(self, **keys: Any) -> None:
        """Set ``PWDLESS``, for every request from now on."""
        draft = self._settings.with_suffix(".draft")
        draft.write_text(json.dumps(keys))
        draft.replace(self._settings)

    def reload(self) -> None:
        """Have all workers replaced, as for a new version of the site."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def workers(self) -> list[int]:
        """Return the process ids of all workers: each that answers is paused until the last."""
        pids: list[int] = []
        try:
            while len(pids) < WORKERS:
                pids.append(worker_of(requests.get(self.url, timeout=60)))
                os.kill(pids[-1], signal.SIGSTOP)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        return pids

    @contextmanager
    def without(self, *pids: int) -> Iterator[None]:
        """Keep workers from answering meanwhile."""
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    @property
    def log(self) -> str:
        """What master and workers have said so far."""
        return self._log.read_text()


def worker_of(response: requests.Response) -> int:
    """Return the process that answered."""
    return int(response.headers["X-Worker"])


def kill(*pids: int) -> None:
    """End processes at once, and wait until they are gone."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait_until_gone(*pids)


def wait_until_gone(*pids: int) -> None:
    """Wait until processes have ended."""
    for pid in pids:
        wait_until(lambda pid=pid: not _is_there(pid), f"worker {pid} is gone")


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
