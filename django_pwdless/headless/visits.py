"""The two kinds of front end: a page in a browser, and a native app."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token

from django_pwdless.conf import conf
from django_pwdless.events import browsers
from django_pwdless.identifiers.methods import UNIVERSAL
from django_pwdless.pages.page_urls import has_pages, moved_url, page_url
from django_pwdless.pages.problems import Problem
from django_pwdless.session import web_session
from django_pwdless.session.web_session import forget_odd_key, keep_session

from .bodies import check_type
from .problems import CSRF, FOREIGN_ORIGIN, SESSION_GONE, STEP_MISSING, Refusal
from .sessions.app_session import AppSession


class Visit:
    """One request of a front end."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def enter(self) -> None:
        """Make sure where it is from, whose session it is, and that it is no form.

        Raises ``Refusal``.
        """
        raise NotImplementedError

    def leave(self, body: dict[str, Any], status: int, content_type: str) -> HttpResponse:
        """Return the answer, with what the next request needs; raises ``Refusal``."""
        raise NotImplementedError

    def abandon(self) -> None:
        """Put the request in order where there is no answer of ours: the site's own code failed."""

    @property
    def missing_step(self) -> Problem:
        """The problem of a step that is not there, or no longer."""
        return STEP_MISSING

    @property
    def can_get_links(self) -> bool:
        """Whether a magic link can be begun: it ends at a page of ours, in the same browser."""
        return False

    def further_state(self) -> dict[str, Any]:
        """Return what the state of this kind of front end has beside that of others."""
        return {}


class BrowserVisit(Visit):
    """The site's session cookie, protected against requests of other sites by a CSRF token."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        forget_odd_key(request)
        self._csrf = _CsrfCheck(_no_view)

    def enter(self) -> None:
        """Refuse what another site's page sends, whatever the method."""
        # Nobody would see what flows say to the next page.
        vars(self.request).pop("_messages", None)
        if not self._csrf.is_own_origin(self.request):
            raise Refusal(FOREIGN_ORIGIN)
        # Before the check looks for its token among the fields.
        check_type(self.request)
        self._csrf.process_request(self.request)
        if self._csrf.process_view(self.request, _no_view, (), {}) is not None:
            raise Refusal(CSRF)

    def leave(self, body: dict[str, Any], status: int, content_type: str) -> HttpResponse:
        """Add the CSRF token, which may be new."""
        body["csrf_token"] = get_token(self.request)
        response = JsonResponse(body, status=status, content_type=content_type)
        # With CSRF_USE_SESSIONS this changes the session.
        self._csrf.process_response(self.request, response)
        keep_session(self.request, response)
        web_session.leave_cookie(self.request)
        if hasattr(self.request, browsers.NEW):
            browsers.leave_cookie(self.request, response)
        return response

    @property
    def can_get_links(self) -> bool:
        """Whether the site includes our pages, and they are on the host that was asked.

        Elsewhere the session that asked would not be the one that is come back to.
        """
        return has_pages() and moved_url(self.request, "callback") is None

    def further_state(self) -> dict[str, Any]:
        """Return where Universal Login begins; None where it is off, or none of our pages is there.

        It leads back to one of them.
        """
        is_there = conf.offers(UNIVERSAL) and has_pages()
        return {"universal_url": page_url("universal") if is_there else None}


class AppVisit(Visit):
    """A session token in a header; no cookie, and no browser."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._session = AppSession(request)

    def enter(self) -> None:
        """Refuse browsers, which say where they are, and tokens that are over."""
        if "Origin" in self.request.headers:
            raise Refusal(FOREIGN_ORIGIN)
        self._session.open()
        check_type(self.request)

    def leave(self, body: dict[str, Any], status: int, content_type: str) -> HttpResponse:
        """Add the session token, where it is new."""
        body.update(self._session.close(status))
        return JsonResponse(body, status=status, content_type=content_type)

    def abandon(self) -> None:
        """Leave no session that a cookie could be set for."""
        self._session.abandon()

    @property
    def missing_step(self) -> Problem:
        """The problem of a step that is not there, or of a session that ended meanwhile."""
        return SESSION_GONE if self._session.has_ended else STEP_MISSING


def _no_view(request: HttpRequest) -> HttpResponse:
    """Stand in for the view, which is exempt from the site's own middleware."""
    return HttpResponse()


class _CsrfCheck(CsrfViewMiddleware):
    """Django's check, which says no by an answer that is not sent."""

    def is_own_origin(self, request: HttpRequest) -> bool:
        """Whether the request is from this site, or one that it trusts."""
        return "Origin" not in request.headers or self._origin_verified(request)  # type: ignore[attr-defined]

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(status=403)
