"""What every answer of the package has: the headers of a login page, and the session kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from django_pwdless.events import browsers
from django_pwdless.limits.shared_cache import asked_once_while_down
from django_pwdless.pages.protection import protect
from django_pwdless.session import web_session
from django_pwdless.session.web_session import forget_odd_key

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
    """Serve odd session keys, second clicks that come late, and outages of the cache."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        forget_odd_key(request)
        with asked_once_while_down():
            response = view(request, *args, **kwargs)
            web_session.remember_where_it_led(request, response)
        web_session.leave_cookie(request)
        browsers.leave_cookie(request, response)
        return response

    return wrapped
