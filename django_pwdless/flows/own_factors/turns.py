"""One change at a time: of two removals each could leave the other's factor as the last one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django_pwdless.exceptions import LimitsUnavailable, Unavailable
from django_pwdless.limits.shared_cache import claim, release

# How long a removal keeps others of its person waiting, and how often they look. Seconds.
HELD = 60
PAUSE, LOOKS = 0.1, 50


@contextmanager
def one_at_a_time(user_pk: str) -> Iterator[None]:
    """Wait until no other request removes a factor of this user.

    Auth0 compares nothing. Raises ``Unavailable`` where the other one takes too long.
    """
    key = f"pwdless:factor-removal:{user_pk}"
    is_held = _claimed(key)
    try:
        yield
    finally:
        if is_held:
            release(key)


def _claimed(key: str) -> bool:
    """Wait for one's turn; False without the cache: the limits, which come next, decide then."""
    for _ in range(LOOKS):
        try:
            if claim(key, HELD):
                return True
        except LimitsUnavailable:
            return False
        time.sleep(PAUSE)
    raise Unavailable("Another removal of this person's takes too long.")
