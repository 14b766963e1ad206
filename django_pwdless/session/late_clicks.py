"""Two clicks, of which the first is answered first: it may have replaced the session of both.

The browser has the new session's cookie by then. The second one's answer must not take it away,
and leads where the first one led.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from django_pwdless.limits.shared_cache import KeyStore

from .session_key import sent_key

# How long after the first click's answer a second one may come, in seconds.
LED_SECONDS = 60


def remember_where_it_led(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep where this answer leads, if it replaces the session that the browser sent."""
    sent, kept = sent_key(request), request.session.session_key
    if sent and kept and sent != kept and response.has_header("Location"):
        KeyStore().set(_cache_key(sent), response["Location"], LED_SECONDS)


def where_first_led(request: HttpRequest) -> str | None:
    """Return where the click led that has just ended the session of this one; None without one."""
    sent = sent_key(request)
    if request.method != "POST" or not sent or not request.session.is_empty():
        return None
    location = KeyStore().get(_cache_key(sent))
    return location if isinstance(location, str) else None


def leave_cookie(request: HttpRequest) -> None:
    """Have Django delete no cookie of a session that is gone: another one may have replaced it.

    One that was ended by this request's own work is deleted as ever.
    """
    if request.session.is_empty() and not request.session.modified:
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)


def _cache_key(session_key: str) -> str:
    digest = hashlib.sha256(session_key.encode(errors="replace")).hexdigest()
    return f"pwdless:led:{digest}"
