"""Who asks for a key, and where the processes share what they know of keys."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Protocol


class SharedStore(Protocol):
    """What the processes share: a cache that answers None, and True, when it is down."""

    def get(self, key: str) -> Any:
        """Return the value, something true where the key was claimed, or None."""

    def set(self, key: str, value: Any, seconds: int) -> None:
        """Keep the value, in place of a claim too."""

    def add(self, key: str, seconds: int) -> bool:
        """Claim the key for this long; whether nobody had."""


@dataclass(frozen=True)
class Ask:
    """Who wants a key: by which allowance they force a fetch, since when, and until when they wait.

    Times are those of ``time.monotonic``; ``until`` is None for whoever waits as long as it takes.
    """

    wait: str
    at: float
    until: float | None = None

    @property
    def left(self) -> float | None:
        """Seconds that they still wait."""
        return None if self.until is None else max(0.0, self.until - time.monotonic())
