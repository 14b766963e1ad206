"""Two clicks at once send one message: a claim on each send, held for the cooldown."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.http import HttpRequest

from django_pwdless.conf import conf
from django_pwdless.exceptions import LimitsUnavailable, SentJustNow

from .client_ip import client_address, limit_key
from .shared_cache import KeyStore, claim, release


@contextmanager
def one_send(request: HttpRequest, what: str, sender: str = "-") -> Iterator[bool]:
    """Yield whether this request is the one that sends ``what``, for the next cooldown.

    ``sender_of`` names its ``sender`` to others. A send that fails gives its claim back, so that
    the person can try again at once; so does one for whom nobody knows yet, an app's first, since
    what goes by its address alone may be another device the next moment.
    """
    key, is_known = _key(request, what), known_browser(request) is not None
    is_first, is_held = True, False
    if key is not None:
        # Without the cache the limits, which come next, decide whether to go on.
        with suppress(LimitsUnavailable):
            is_first = is_held = claim(key, conf.RESEND_COOLDOWN, sender)
    try:
        yield is_first
    except Exception:
        if key is not None and is_held:
            release(key)
        raise
    if key is not None and is_held and not is_known:
        release(key)


def sender_of(request: HttpRequest, what: str) -> str | None:
    """Return who has just sent this for the same browser; None where that cannot be told."""
    key = _key(request, what)
    sender = KeyStore().get(key) if key else None
    return sender if isinstance(sender, str) else None


def seconds_left(sent_at: float | None) -> int:
    """Return the seconds until what was sent then (UNIX seconds) may be sent again; 0 for now."""
    if sent_at is None:
        return 0
    cooldown = math.ceil(conf.RESEND_COOLDOWN)
    # A clock that was set back never makes the wait longer.
    return min(max(0, math.ceil(sent_at + cooldown - time.time())), cooldown)


def sent_by_another() -> SentJustNow:
    """Return what to raise where another request has sent, or is sending, the same."""
    return SentJustNow(max(1, math.ceil(conf.RESEND_COOLDOWN)))


def known_browser(request: HttpRequest) -> str | None:
    """Return what a browser goes by: its session, or its CSRF cookie before it has one."""
    return request.session.session_key or request.META.get("CSRF_COOKIE")


def _key(request: HttpRequest, what: str) -> str | None:
    """Name this browser; what has no name yet, an app's first request, goes by its address."""
    browser = known_browser(request) or limit_key(client_address(request))
    if not browser:
        return None
    return "pwdless:sent:" + hashlib.sha256(f"{browser}\0{what}".encode()).hexdigest()
