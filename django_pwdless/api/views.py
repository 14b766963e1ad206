"""Plain views that are called with a bearer token, functions and coroutines alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ClassVar, TypeVar, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest
from django.utils.cache import patch_vary_headers
from django.views.generic import View

from django_pwdless.exceptions import BearerRefused
from django_pwdless.transactions import outside_transactions

from .answers import refusal_response
from .callers import call
from .needs import Needs

# A view may be a coroutine function too.
ViewFunction = TypeVar("ViewFunction", bound=Callable[..., Any])


def bearer_required(
    *, scopes: Iterable[str] = (), permissions: Iterable[str] = (), machines: bool = False
) -> Callable[[ViewFunction], ViewFunction]:
    """Let in only calls with an access token for the site's API, with all of these scopes.

    ``permissions`` are those of Auth0's roles (RBAC). ``request.user`` is then the token's user,
    and ``request.auth`` the ``BearerToken``. With ``machines`` also applications that got the token
    for themselves are let in: their user is anonymous. Cookies count for nothing, so that neither
    CSRF protection nor ``LoginRequiredMiddleware`` applies.

    Others get what RFC 6750, section 3, says: 401, 403, 400, or 503 where Auth0's keys cannot be
    had. Raises TypeError or ValueError for scopes that are none.
    """
    needs = Needs.of(scopes, permissions)

    def decorate(view: ViewFunction) -> ViewFunction:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            refused = _refusal(request, needs, machines)
            if refused is not None:
                return refused
            return _kept_private(_in_transaction(view)(request, *args, **kwargs))

        @wraps(view)
        async def awaited(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            refused = await sync_to_async(_refusal)(request, needs, machines)
            if refused is not None:
                return refused
            return _kept_private(await _in_transaction(view)(request, *args, **kwargs))

        return cast(ViewFunction, _exempt(awaited if iscoroutinefunction(view) else wrapped))

    return decorate


def _refusal(request: HttpRequest, needs: Needs, machines: bool) -> Any:
    """Return the answer to a call that is not let in; None for one that is."""
    try:
        caller = call(request, machines=machines)
        if caller is None:
            raise BearerRefused(401)
        needs.check(caller.token)
    except BearerRefused as error:
        return refusal_response(error)
    return None


def _exempt(view: Any) -> Any:
    """Take a view out of what is there for sessions, and of ``ATOMIC_REQUESTS``."""
    view.csrf_exempt = True
    view.login_required = False
    # The view itself gets its transaction below, once Auth0 has answered.
    return outside_transactions(view)


def _in_transaction(view: Any) -> Any:
    """Return the view as Django would run it with ``ATOMIC_REQUESTS``."""
    return BaseHandler().make_view_atomic(view)


def _kept_private(response: Any) -> Any:
    """Keep what one caller got out of caches that others are answered from."""
    patch_vary_headers(response, ["Authorization"])
    response.setdefault("Cache-Control", "private")
    return response


class BearerRequiredMixin:
    """``bearer_required`` for a class-based view; list it before ``View``."""

    scopes: ClassVar[Iterable[str]] = ()
    permissions: ClassVar[Iterable[str]] = ()
    machines: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Raise TypeError where ``View`` comes first, and would leave the view open."""
        super().__init_subclass__(**kwargs)
        bases = cls.__mro__
        if View in bases and bases.index(View) < bases.index(BearerRequiredMixin):
            raise TypeError(f"{cls.__name__}: list BearerRequiredMixin before View.")

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., Any]:
        """Return the view function; whatever ``dispatch`` does, the token comes first."""
        view: Callable[..., Any] = super().as_view(**initkwargs)  # type: ignore[misc]
        wanted = {
            name: initkwargs.get(name, getattr(cls, name))
            for name in ("scopes", "permissions", "machines")
        }
        return bearer_required(**wanted)(view)
