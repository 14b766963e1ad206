"""Two clicks at once send one message: a claim on each send, held for the cooldown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from .cache import claim, release
from .conf import conf
from .exceptions import LimitsUnavailable


@contextmanager
def one_send(request: HttpRequest, what: str) -> Iterator[bool]:
    """Yield whether this request is the one that sends ``what``, for the next cooldown.

    A send that fails gives its claim back, so that the person can try again at once.
    """
    key = _key(request, what)
    is_first = key is None or _claimed(key)
    try:
        yield is_first
    except Exception:
        if key is not None and is_first:
            release(key)
        raise


def _claimed(key: str) -> bool:
    try:
        return claim(key, conf.RESEND_COOLDOWN)
    except LimitsUnavailable:
        # The limits, which come next, decide whether to go on without the cache.
        return True


def _key(request: HttpRequest, what: str) -> str | None:
    """Name this browser by its session, or by its CSRF cookie before it has one."""
    browser = request.session.session_key or request.META.get("CSRF_COOKIE")
    if not browser:
        return None
    return "pwdless:sent:" + hashlib.sha256(f"{browser}\0{what}".encode()).hexdigest()
