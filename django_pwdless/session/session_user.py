"""Whose session it is, which need not be whom ``request.user`` names."""

from __future__ import annotations

from typing import Any

from django.contrib import auth
from django.http import HttpRequest


def session_user_pk(request: HttpRequest) -> str | None:
    """Return the primary key of the session's own user, as Django's ``login`` wrote it there."""
    value = request.session.get(auth.SESSION_KEY)
    return None if value is None else str(value)


def own_user_pk(request: HttpRequest) -> str | None:
    """Return the primary key of who asks, where the session is theirs; None otherwise.

    Middleware may say of a request that somebody else asks: by a bearer token, or to look at the
    site as another person. What was proven in the session counts for its own user alone.
    """
    user: Any = request.user
    is_own = user.is_authenticated and is_session_of(request, user)
    return session_user_pk(request) if is_own else None


def is_session_of(request: HttpRequest, user: Any) -> bool:
    """Whether this user is the session's own."""
    return session_user_pk(request) == str(user._meta.pk.value_to_string(user))
