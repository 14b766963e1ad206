"""Session tokens: what a native app sends in place of a session cookie.

A token is the session's key, sealed: nobody but this site can make one, or read the key in one, and
it ends with its key. As a cookie it opens nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase

from django_pwdless.session.pending_login import PENDING_KEY
from django_pwdless.session.stored import seal, unseal

HEADER = "X-Session-Token"
CONTEXT = "session token"
# Ours are shorter, whatever the engine.
MAX_LENGTH = 1000


def token_of(session: SessionBase) -> str | None:
    """Return a token of a session; None for one that is stored nowhere."""
    return seal(session.session_key, context=CONTEXT) if session.session_key else None


def session_of(token: str) -> SessionBase | None:
    """Return the session of a token; None where it is unknown or has ended."""
    key = unseal(token, context=CONTEXT) if len(token) <= MAX_LENGTH else None
    if not isinstance(key, str):
        return None
    session = new_session(key)
    # Loads it, and forgets a key that stands for nothing.
    session.get(auth.SESSION_KEY)
    return session if session.session_key else None


def new_session(key: str | None = None) -> SessionBase:
    """Return a session of the site's engine; without a key an empty one, stored nowhere."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    session: SessionBase = store(key)
    return session


def may_begin(session: SessionBase) -> bool:
    """Whether a session may be stored that was not: a login has begun in it, or has ended well.

    Both are counted by a limit. Nothing else that a request leaves behind makes a session.
    """
    return PENDING_KEY in session or auth.SESSION_KEY in session
