"""What every answer of the package has: the headers of a login page, and the session kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from django_pwdless.limits.shared_cache import asked_once_while_down
from django_pwdless.pages.headers import protect
from django_pwdless.session import late_clicks

ViewFunction = Callable[..., HttpResponseBase]


def with_headers(view: ViewFunction) -> ViewFunction:
    """Give each answer the headers of a login page."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        protect(response)
        return response

    return wrapped


def with_session(view: ViewFunction) -> ViewFunction:
    """Serve odd session keys, second clicks that come late, and outages of the cache.

    A key with NUL, which a cookie can spell and PostgreSQL fails on, is none.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "\0" in (request.session.session_key or ""):
            request.session = type(request.session)()
        with asked_once_while_down():
            response = view(request, *args, **kwargs)
            late_clicks.remember_where_it_led(request, response)
        late_clicks.leave_cookie(request)
        return response

    return wrapped


def keep_session(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Save the session with a 5xx too, which Django's middleware does not: nothing is lost."""
    if response.status_code >= 500 and request.session.modified:
        middleware = SessionMiddleware(lambda request: HttpResponse())
        kept = middleware.process_response(request, HttpResponse())
        response.cookies.update(kept.cookies)
    return response
