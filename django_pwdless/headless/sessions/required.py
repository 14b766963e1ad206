"""Views of the site's own that a native app calls with its session token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, JsonResponse
from django.utils.cache import patch_vary_headers

from django_pwdless.headless.problems import CONTENT_TYPE, SIGNED_OUT, Refusal, as_json
from django_pwdless.pages.protection import protect

from .app_session import AppSession
from .tokens import HEADER

# A view may be a coroutine function too.
ViewFunction = TypeVar("ViewFunction", bound=Callable[..., Any])


def session_token_required(view: ViewFunction) -> ViewFunction:
    """Let in only requests with the session token of somebody who is signed in.

    ``request.user`` and ``request.session`` are then theirs; cookies count for nothing, so that
    neither CSRF protection nor ``LoginRequiredMiddleware`` applies. Others get a problem as JSON:
    401 ``signed_out`` without a token or a login, 401 ``session_gone`` where it is over. Where the
    view changes the session's key, the header ``X-Session-Token`` of its answer is the new token.
    What a view has changed in the session is kept with its answer, and not where it raises.
    """

    guarded: Any = _awaited(view) if iscoroutinefunction(view) else _called(view)
    guarded.csrf_exempt = True
    guarded.login_required = False
    return cast(ViewFunction, guarded)


def _called(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        session = AppSession(request)
        try:
            _let_in(session)
            response = view(request, *args, **kwargs)
        except Refusal as refusal:
            response = _refused(refusal)
        except BaseException:
            session.abandon()
            raise
        return _closed(session, response)

    return wrapped


def _awaited(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    async def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        session = await sync_to_async(AppSession)(request)
        try:
            await sync_to_async(_let_in)(session)
            response = await view(request, *args, **kwargs)
        except Refusal as refusal:
            response = _refused(refusal)
        except BaseException:
            session.abandon()
            raise
        return await sync_to_async(_closed)(session, response)

    return wrapped


def _let_in(session: AppSession) -> None:
    session.open()
    if not session.request.user.is_authenticated:
        raise Refusal(SIGNED_OUT)


def _closed(session: AppSession, response: Any) -> Any:
    try:
        changed = session.close(response.status_code)
    except Refusal as refusal:
        response, changed = _refused(refusal), {}
    if token := changed.get("session_token"):
        response.headers[HEADER] = token
    patch_vary_headers(response, [HEADER])
    response.setdefault("Cache-Control", "private")
    return response


def _refused(refusal: Refusal) -> JsonResponse:
    problem = refusal.problem
    body = as_json(problem, refusal.errors)
    response = JsonResponse(body, status=problem.status, content_type=CONTENT_TYPE)
    protect(response)
    return response
