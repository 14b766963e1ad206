"""Django Ninja: access tokens of Auth0 as authentication of operations, sync and async ones."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.security.base import AuthBase

from django_pwdless.api import BearerToken
from django_pwdless.api.answers import SCHEME, body, headers
from django_pwdless.api.callers import call, show_caller
from django_pwdless.api.needs import Needs
from django_pwdless.exceptions import BearerRefused
from django_pwdless.headless.problems import Refusal
from django_pwdless.headless.sessions import callers as app_callers

__all__ = ["BearerAuth", "SessionTokenAuth", "add_exception_handlers"]


class RefusedCall(HttpError):
    """A call that is refused; the status is right without our handlers, too."""

    def __init__(self, refusal: BearerRefused) -> None:
        super().__init__(refusal.status, body(refusal)["detail"])
        self.refusal = refusal


class BearerAuth(AuthBase):
    """Authenticates by a bearer token with all of these scopes and permissions.

    ``request.auth`` is then the ``BearerToken``, ``request.user`` its user. Without a bearer token
    the next of several is asked. With ``machines`` applications that got the token for themselves
    are let in too, with an anonymous user. ``add_exception_handlers`` adds the challenge to what
    refused calls get. Raises TypeError or ValueError for scopes that are none.
    """

    openapi_type: str = SCHEME["type"]
    openapi_scheme: str = SCHEME["scheme"]
    openapi_bearerFormat: str = SCHEME["bearerFormat"]
    openapi_description: str = SCHEME["description"]

    def __init__(
        self,
        *,
        scopes: Iterable[str] = (),
        permissions: Iterable[str] = (),
        machines: bool = False,
    ) -> None:
        self.needs = Needs.of(scopes, permissions)
        self.machines = machines
        super().__init__()

    def __call__(self, request: HttpRequest) -> BearerToken | None:
        """Return the token; None without one. Raises ``RefusedCall``."""
        try:
            caller = call(request, machines=self.machines)
            if caller is None:
                return None
            self.needs.check(caller.token)
        except BearerRefused as refusal:
            refused = RefusedCall(refusal)
        else:
            return caller.token
        raise refused


class RefusedToken(HttpError):
    """A session token that is over; the status is right without our handlers, too."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(401, app_callers.body(refusal)["detail"])
        self.refusal = refusal


class SessionTokenAuth(AuthBase):
    """Authenticates by the session token of a native app (``django_pwdless.headless``).

    ``request.user`` is then who is signed in there, ``request.auth`` that session, to be read
    only; ``request.session`` stays that of the cookie. Without a token the next of several is
    asked.
    """

    openapi_type: str = app_callers.SCHEME["type"]
    openapi_in: str = app_callers.SCHEME["in"]
    openapi_name: str = app_callers.SCHEME["name"]
    openapi_description: str = app_callers.SCHEME["description"]

    def __call__(self, request: HttpRequest) -> SessionBase | None:
        """Return the session; None without a token. Raises ``RefusedToken``."""
        try:
            caller = app_callers.find_app_caller(request.META)
        except Refusal as refusal:
            refused = RefusedToken(refusal)
        else:
            if caller is None:
                return None
            show_caller(request, caller.user, caller.session)
            return caller.session
        raise refused


def add_exception_handlers(api: NinjaAPI) -> None:
    """Have an API answer as RFC 6750 says: status, challenge, ``no-store``."""

    @api.exception_handler(RefusedCall)
    def refused(request: HttpRequest, exc: RefusedCall) -> HttpResponse:
        return _answer(api, request, exc.refusal)

    @api.exception_handler(RefusedToken)
    def over(request: HttpRequest, exc: RefusedToken) -> HttpResponse:
        response = api.create_response(request, app_callers.body(exc.refusal), status=401)
        response.headers["WWW-Authenticate"] = app_callers.CHALLENGE
        response.headers["Cache-Control"] = "no-store"
        return response

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
        return _answer(api, request, BearerRefused(401))


def _answer(api: NinjaAPI, request: HttpRequest, refusal: BearerRefused) -> HttpResponse:
    response = api.create_response(request, body(refusal), status=refusal.status)
    for name, value in headers(refusal).items():
        response.headers[name] = value
    return response
