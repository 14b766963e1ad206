"""``SignInMiddleware``: a session lasts no longer than its row in ``SignIn``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeGuard

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

from .conf import conf
from .exceptions import TokenUnavailable
from .session.web_session import is_of_cookie
from .sign_ins.look import Look
from .tokens.unanswered import answer_without_token


class SignInMiddleware:
    """Looks at the sign-in when ``request.user`` or ``request.auser()`` is first used.

    Belongs after Django's ``AuthenticationMiddleware``. A session whose row is gone is flushed,
    and the request goes on as anonymous. Where a view leaves ``TokenUnavailable`` uncaught, it
    leads to where a token can be had. Does nothing without ``SIGN_INS``.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Watch over one request."""
        if self.is_async:
            return self._awaited(request)
        look = self._look(request)
        response: HttpResponseBase = self.get_response(request)
        if _is_saved(look, request, response):
            look.finish()
        return response

    async def _awaited(self, request: HttpRequest) -> HttpResponseBase:
        look = self._look(request)
        response: HttpResponseBase = await self.get_response(request)
        if _is_saved(look, request, response):
            await sync_to_async(look.finish)()
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Answer where a view has left it open that there is no access token."""
        if conf.SIGN_INS and isinstance(exception, TokenUnavailable):
            return answer_without_token(request, exception)
        return None

    def _look(self, request: HttpRequest) -> Look | None:
        if not conf.SIGN_INS:
            return None
        if not hasattr(request, "user"):
            raise ImproperlyConfigured(
                "SignInMiddleware belongs after "
                "django.contrib.auth.middleware.AuthenticationMiddleware in MIDDLEWARE."
            )
        return Look(request)


def _is_saved(
    look: Look | None, request: HttpRequest, response: HttpResponseBase
) -> TypeGuard[Look]:
    """Whether Django saves the session after this answer.

    A native app's session is none of the cookie's, whose sign-in it leaves as it is.
    """
    is_kept = look is not None and look.is_saved and is_of_cookie(request)
    return is_kept and response.status_code < 500
