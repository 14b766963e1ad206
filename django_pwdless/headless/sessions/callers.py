"""Who calls with a session token: for frameworks that ask for no more than the user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from django_pwdless.headless.problems import SIGNED_OUT, Refusal

from .app_session import AppSession
from .tokens import HEADER

META = f"HTTP_{HEADER.upper().replace('-', '_')}"
CHALLENGE = 'SessionToken realm="api"'

#: The scheme in an OpenAPI document.
SCHEME = {
    "type": "apiKey",
    "in": "header",
    "name": HEADER,
    "description": "The session token of a native app.",
}


class AppCaller(NamedTuple):
    """A signed-in person, and their app's session, to be read only."""

    user: Any
    session: SessionBase


@sensitive_variables()
def find_app_caller(meta: Mapping[str, Any]) -> AppCaller | None:
    """Return who calls with a session token; None without one. ``meta`` is the request's ``META``.

    The request itself keeps the session of its cookie, which is somebody else's. Raises
    ``Refusal`` for a token that is over, or of nobody who is signed in.
    """
    if META not in meta:
        return None
    aside = HttpRequest()
    aside.META = dict(meta)
    opened = AppSession(aside)
    opened.open()
    user: Any = aside.user
    if not user.is_authenticated:
        raise Refusal(SIGNED_OUT)
    session = aside.session
    opened.close(200)
    return AppCaller(getattr(user, "_wrapped", user), session)


def body(refusal: Refusal) -> dict[str, str]:
    """Return the members of the JSON body."""
    problem = refusal.problem
    return {"detail": str(problem.title), "outcome": problem.outcome}
