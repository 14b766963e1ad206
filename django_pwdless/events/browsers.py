"""Whether somebody has signed in with this browser before: the cookie ``pwdless_browser``.

It names its people by keyed digests, not only the browser: whoever signs in with their own account
first gets no cookie that would hide a sign-in to somebody else's.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from .digests import keyed

NAME = "pwdless_browser"
SALT = "django_pwdless.events.browser"
YEAR = 365 * 24 * 3600
# How many people a browser remembers, the latest first.
PEOPLE = 8
DIGITS = 32
# Where a request has what its answer is to say to the browser.
NEW = "_pwdless_browser"


def is_known(request: HttpRequest, user_pk: Any) -> bool:
    """Whether this user has signed in with this browser within a year."""
    return not set(_marks(user_pk)).isdisjoint(_people(request))


def remember(request: HttpRequest, user_pk: Any) -> None:
    """Have the answer say so to the browser, for another year."""
    mine = _marks(user_pk)
    others = [mark for mark in _people(request) if mark not in mine]
    setattr(request, NEW, "-".join([mine[0], *others][:PEOPLE]))


def leave_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set the cookie, of a request that has remembered somebody."""
    response.set_signed_cookie(
        NAME,
        getattr(request, NEW),
        salt=SALT,
        max_age=YEAR,
        path=settings.SESSION_COOKIE_PATH,
        domain=settings.SESSION_COOKIE_DOMAIN,
        secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _people(request: HttpRequest) -> list[str]:
    """Return whom the browser says it knows; nobody where the signature is not ours."""
    value = request.get_signed_cookie(NAME, "", salt=SALT, max_age=YEAR)
    return value.split("-") if value else []


def _marks(user_pk: Any) -> list[str]:
    return [digest[:DIGITS] for digest in keyed(SALT, str(user_pk))]
