"""Django REST framework: access tokens of Auth0 as authentication, their scopes as permissions."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission, OperationHolderMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as usual_handler

from django_pwdless.api import BearerToken
from django_pwdless.api.answers import CHALLENGE, body, challenge, headers
from django_pwdless.api.callers import find_caller
from django_pwdless.api.needs import Needs
from django_pwdless.exceptions import BearerRefused
from django_pwdless.headless.problems import Refusal
from django_pwdless.headless.sessions import callers as app_callers

if find_spec("drf_spectacular") is not None:
    # Registers how the class below shows in an OpenAPI document.
    from . import spectacular  # noqa: F401

__all__ = [
    "BearerAuthentication",
    "HasScopes",
    "SessionTokenAuthentication",
    "exception_handler",
]


class RefusedCall(exceptions.APIException):
    """A call that is refused; with a status of its own, wherever our class stands in the list."""

    def __init__(self, refusal: BearerRefused) -> None:
        super().__init__(body(refusal), refusal.error)
        self.status_code = refusal.status
        self.wait = refusal.retry_after
        self.auth_header = headers(refusal).get("WWW-Authenticate")


class BearerAuthentication(BaseAuthentication):
    """Authenticates by a bearer token: ``request.auth`` is then the ``BearerToken``.

    ``request.user`` is its user. Without a bearer token the next class is asked. List it as it is,
    or as ``BearerAuthentication(machines=True)``, which also lets in applications that got the
    token for themselves, with an anonymous user.
    """

    machines = False

    def __init__(self, *, machines: bool | None = None) -> None:
        if machines is not None:
            self.machines = machines

    def __call__(self) -> BearerAuthentication:
        """Return itself: the framework calls whatever is listed."""
        return self

    def authenticate(self, request: Request) -> tuple[Any, BearerToken] | None:
        """Return user and token; None without one. Raises ``RefusedCall``."""
        try:
            caller = find_caller(request.META, machines=self.machines)
        except BearerRefused as refusal:
            refused = RefusedCall(refusal)
        else:
            return None if caller is None else (caller.user, caller.token)
        raise refused

    def authenticate_header(self, request: Request) -> str:
        """Return the bare challenge, which makes an unauthenticated call a 401."""
        return CHALLENGE


class RefusedToken(exceptions.APIException):
    """A session token that is over; a 401, wherever our class stands in the list."""

    status_code = 401
    auth_header = app_callers.CHALLENGE

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(app_callers.body(refusal), refusal.problem.outcome)


class SessionTokenAuthentication(BaseAuthentication):
    """Authenticates by the session token of a native app (``django_pwdless.headless``).

    ``request.user`` is who is signed in there, ``request.auth`` that session, to be read only.
    Without a token the next class is asked. ``request.session`` stays that of the cookie.
    """

    def authenticate(self, request: Request) -> app_callers.AppCaller | None:
        """Return user and session; None without a token. Raises ``RefusedToken``."""
        try:
            return app_callers.find_app_caller(request.META)
        except Refusal as refusal:
            refused = RefusedToken(refusal)
        raise refused

    def authenticate_header(self, request: Request) -> str:
        """Return a challenge, which makes an unauthenticated call a 401."""
        return app_callers.CHALLENGE


class HasScopes(OperationHolderMixin, BasePermission):
    """Permits tokens that have all of these scopes: list ``HasScopes("read:orders")``.

    Composes with ``&``, ``|`` and ``~``, and with other permission classes. Raises TypeError or
    ValueError for scopes that are none.
    """

    def __init__(self, *scopes: str) -> None:
        self.needs = Needs.of(scopes)

    def __call__(self) -> HasScopes:
        """Return itself: the framework calls whatever is listed."""
        return self

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether a bearer token came, and has them."""
        return isinstance(request.auth, BearerToken) and self.needs.are_met_by(request.auth)

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        """Answer the same for each object: the opposite must hold for it too."""
        return self.has_permission(request, view)


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer as the framework does, with challenge and ``no-store`` (``EXCEPTION_HANDLER``)."""
    response = usual_handler(exc, context)
    if response is None or response.status_code not in (400, 401, 403, 503):
        return response
    view, request = context.get("view"), context.get("request")
    if isinstance(exc, exceptions.NotAuthenticated) and _takes_bearers(request):
        # Another class that comes first, and has no challenge, would make it a 403.
        response.status_code = 401
        _add_challenge(response, CHALLENGE)
    elif isinstance(exc, exceptions.PermissionDenied):
        missing = " ".join(_missing_scopes(request, view))
        if missing:
            refusal = BearerRefused(403, "insufficient_scope", scope=missing)
            response.data = body(refusal)
            _add_challenge(response, challenge(refusal))
    elif not isinstance(exc, (RefusedCall, RefusedToken, exceptions.AuthenticationFailed)):
        return response
    response["Cache-Control"] = "no-store"
    return response


def _takes_bearers(request: Request | None) -> bool:
    authenticators = getattr(request, "authenticators", None) or ()
    return any(isinstance(each, BearerAuthentication) for each in authenticators)


def _add_challenge(response: Response, ours: str) -> None:
    """Add a challenge to that of another class (RFC 9110, section 11.6.1)."""
    others = response.get("WWW-Authenticate", "")
    if others != ours:
        response["WWW-Authenticate"] = f"{others}, {ours}" if others else ours


def _missing_scopes(request: Any, view: Any) -> Iterator[str]:
    """Yield the scopes that a verified token lacks, where it was refused for them."""
    token = getattr(request, "auth", None)
    if not isinstance(token, BearerToken) or view is None:
        return
    for permission in view.get_permissions():
        wanted = list(_scopes_in(permission))
        if wanted and not permission.has_permission(request, view):
            yield from dict.fromkeys(name for name in wanted if name not in token.scopes)
            return


def _scopes_in(permission: Any) -> Iterator[str]:
    """Yield the scopes that a permission, or a composition, speaks of."""
    if isinstance(permission, HasScopes):
        yield from permission.needs.scopes
    for operand in ("op1", "op2"):
        if hasattr(permission, operand):
            yield from _scopes_in(getattr(permission, operand))
