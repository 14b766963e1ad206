"""Waiting for something that another process does."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 60.0
PAUSE = 0.02


def wait_until(is_true: Callable[[], object], what: str) -> None:
    """Return when it is; raises AssertionError where it never is."""
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(PAUSE)
