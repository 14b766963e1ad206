"""Rate limits: how many calls are left, and when there are more."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django_pwdless.localtenant.answers.documented_errors import START
from django_pwdless.localtenant.answers.refusals import ErrorRow
from django_pwdless.localtenant.clock import Clock
from django_pwdless.localtenant.switches import Switches

HOUR = 3600


@dataclass
class Count:
    """Calls of one window that ends at ``ends_at`` (seconds since the epoch)."""

    ends_at: float
    used: int = 0


class Limits:
    """Counts of calls and of failures, in the tenant's time."""

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self._clock = clock
        self._switches = switches
        self._counts: dict[tuple[str, ...], Count] = {}

    def hit(self, *key: str, window: int = HOUR) -> Count:
        """Count one call under ``key`` and return its window's count."""
        now = self._clock.now()
        count = self._counts.get(key)
        if count is None or count.ends_at <= now:
            count = self._counts[key] = Count(now + window)
        count.used += 1
        return count

    def used(self, *key: str) -> int:
        """Return how many calls are counted under ``key``."""
        count = self._counts.get(key)
        return count.used if count and count.ends_at > self._clock.now() else 0

    def forget(self, *key: str) -> None:
        """Clear the count under ``key``."""
        self._counts.pop(key, None)

    def refusal(
        self, count: Count, limit: int, row: ErrorRow = START["too_many_requests"]
    ) -> ErrorRow:
        """Return the 429 for a full window, with Retry-After."""
        wait = max(1, math.ceil(count.ends_at - self._clock.now()))
        return row.with_headers({**headers(count, limit), "Retry-After": str(wait)})


class Bucket:
    """A bucket that holds and gets back ``rate`` calls a second (Auth0: Rate Limit Policy)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left: float | None = None
        self._at = 0.0

    def take(self, rate: int) -> int | None:
        """Take one call and return how many whole ones are left; ``None`` where there was none."""
        now = self._clock.now()
        left = rate if self._left is None else self._left + (now - self._at) * rate
        self._left, self._at = min(float(rate), left), now
        if self._left < 1:
            return None
        self._left -= 1
        return int(self._left)


def headers(count: Count, limit: int) -> dict[str, str]:
    """Return the ``x-ratelimit-*`` headers for a window's count."""
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(max(0, limit - count.used)),
        "x-ratelimit-reset": str(math.ceil(count.ends_at)),
    }
