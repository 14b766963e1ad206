"""How fast the tenant is asked: as its own rate headers say, else as the Free plan allows."""

from __future__ import annotations

import time

from django_pwdless.auth0.http.errors import Answer

#: Seconds between two calls (Auth0: Rate Limit Configurations, Free). The Management API takes
#: two a second; the Authentication API 300 a minute.
MANAGEMENT = 0.5
AUTHENTICATION = 0.2


class Pace:
    """Waits between calls; ``interval`` counts where an answer says nothing of limits."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._next = 0.0

    def wait(self) -> None:
        """Sleep until the next call is due."""
        pause = self._next - time.monotonic()
        if pause > 0:
            time.sleep(pause)

    def note(self, answer: Answer) -> None:
        """Read how many calls are left; with none, a token comes back within half a second."""
        left = answer.headers.get("x-ratelimit-remaining", "")
        pause = self._interval
        if left.isascii() and left.isdigit():
            pause = 0.0 if int(left) > 0 else MANAGEMENT
        self._next = time.monotonic() + pause
