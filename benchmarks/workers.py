"""Start a ``worker.py``, and have it answer requests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from site_requests import EXPECTED
from wsgi import Environ


class Worker:
    """A process that serves the site; ``ready`` is what it said before any request."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.pid = process.pid
        self.ready = self._read()

    def answer(self, environ: Environ) -> dict[str, Any]:
        """Return what it says after a request was answered as expected; raises otherwise."""
        assert self._process.stdin is not None
        body = environ["wsgi.input"].read().decode()
        line = json.dumps({**environ, "wsgi.input": body, "wsgi.errors": None})
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        answer = self._read()
        if answer["outcome"] != environ[EXPECTED]:
            raise RuntimeError(f"{environ['PATH_INFO']} led to {answer['outcome']}")
        return answer

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def worker(*, under: Sequence[str] = (), **environment: str) -> Iterator[Worker]:
    """Run one for as long as the context lasts, ``under`` another program if one is named."""
    command = [*under, sys.executable, str(Path(__file__).with_name("worker.py"))]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    ) as process:
        # Leaving the context closes its input, which ends it.
        yield Worker(process)
