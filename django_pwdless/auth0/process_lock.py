"""A lock that a forked child does not inherit."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ProcessLock:
    """A lock of each process's own: what a thread of the parent held, nobody would release."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._lock = threading.Lock()

    @contextmanager
    def held(self, *, within: float | None = None) -> Iterator[bool]:
        """Hold it; yield whether that came about ``within`` so many seconds, if given."""
        if self._owner != os.getpid():
            self._owner, self._lock = os.getpid(), threading.Lock()
        lock = self._lock
        is_held = lock.acquire(timeout=-1 if within is None else within)
        try:
            yield is_held
        finally:
            if is_held:
                lock.release()
