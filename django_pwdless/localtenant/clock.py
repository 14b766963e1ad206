"""The tenant's own time, which tests can push forward."""

from __future__ import annotations

import time

FURTHEST = 10 * 365 * 86400


class Clock:
    """Seconds since the epoch, ahead of the machine's by as much as was asked for.

    Codes, tokens, limits and sessions follow it. Client assertions do not: they are
    made by the site, whose clock nobody pushes. ``iat`` of tokens follows it too, so that a site
    refuses those of a tenant that is ahead by more than the site's leeway.
    """

    def __init__(self) -> None:
        self._ahead = 0.0

    @property
    def ahead(self) -> float:
        """Seconds that this clock is ahead of the machine's."""
        return self._ahead

    def now(self) -> float:
        """Return the tenant's time in seconds since the epoch."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Push the clock forward by ``seconds`` (back, if negative), by ten years at most.

        Raises ValueError beyond that.
        """
        ahead = self._ahead + seconds
        if not abs(ahead) <= FURTHEST:
            raise ValueError("the clock goes no further than ten years")
        self._ahead = ahead
