"""Pages that need a second factor."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from .conf import conf
from .identifiers.methods import UNIVERSAL
from .pages.page_urls import has_pages, page_url
from .pages.protection import protect
from .session.login_record import LoginRecord

# A function or a coroutine function; the decorator gives back what it was given.
_View = TypeVar("_View", bound=Callable[..., Any])


def mfa_required(max_age: int | None = None) -> Callable[[_View], _View]:
    """Let in only people who have proven a second factor, ``max_age`` seconds ago at the most.

    Anonymous people go to the login page. Others without the proof get a 403 with a link to
    Universal Login where it is offered, else to signing in again; never an automatic redirect,
    which could send them back and forth for ever.
    """

    def decorate(view: _View) -> _View:
        return cast(_View, _guarded(view, max_age, is_async=iscoroutinefunction(view)))

    return decorate


class MFARequiredMixin:
    """``mfa_required`` for a class-based view; list it first among the bases."""

    mfa_max_age: int | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse before anything else runs."""
        view: Callable[..., Any] = super().dispatch  # type: ignore[misc] # View's, behind us
        is_async = getattr(self, "view_is_async", False)
        guarded = _guarded(view, self.mfa_max_age, is_async=is_async)
        answer: HttpResponseBase = guarded(request, *args, **kwargs)
        return answer


def _guarded(
    view: Callable[..., Any], max_age: int | None, *, is_async: bool
) -> Callable[..., Any]:
    """Return the view behind the question for a second factor, asynchronous where it is."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refusal = _refusal(request, max_age)
        return view(request, *args, **kwargs) if refusal is None else refusal

    @wraps(view)
    async def awaited(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refusal = await sync_to_async(_refusal)(request, max_age)
        return await view(request, *args, **kwargs) if refusal is None else refusal

    return awaited if is_async else wrapped


def _refusal(request: HttpRequest, max_age: int | None) -> HttpResponseBase | None:
    """Return what to answer instead of the page; None where the second factor is proven."""
    record = LoginRecord.load(request)
    response: HttpResponseBase
    if not request.user.is_authenticated:
        login_url = page_url("login") if has_pages() else None
        response = redirect_to_login(request.get_full_path(), login_url)
    elif record is not None and record.has_mfa(max_age):
        return None
    else:
        response = _ask_for_proof(request, max_age)
    protect(response)
    return response


def _ask_for_proof(request: HttpRequest, max_age: int | None) -> HttpResponse:
    """Return the page that says where a second factor can be proven."""
    context = {
        "outcome": "step_up",
        "title": _("Confirm it’s you"),
        "text": _("To open this page, confirm with a second step."),
        "retry_after": None,
        "universal_url": None,
        "retry_url": None,
        "code_instead": False,
        **_way_on(request.get_full_path(), max_age),
    }
    return render(request, "django_pwdless/problem.html", context, status=403)


def _way_on(here: str, max_age: int | None) -> dict[str, str]:
    """Return the way to a proof; none at a site whose front ends speak JSON alone."""
    if not has_pages():
        return {}
    if not conf.offers(UNIVERSAL):
        return {"retry_url": page_url("login", next=here, confirm="1")}
    seconds = "" if max_age is None else str(max_age)
    return {"universal_url": page_url("universal", next=here, mfa="1", max_age=seconds)}
