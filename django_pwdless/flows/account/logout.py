"""Signing out at Auth0 too, for logins that came by a redirect."""

from __future__ import annotations

from django.contrib import auth
from django.http import HttpRequest

from django_pwdless.conf import conf
from django_pwdless.pages.page_urls import absolute_url
from django_pwdless.provider import get_client
from django_pwdless.session.login_record import LoginRecord

LOGOUT_KEY = "_pwdless_logout"


def sign_out(request: HttpRequest, *, continue_url: str = "") -> bool:
    """End the session with all it holds; return whether ``logged_out`` has to lead on to Auth0.

    That page, and nothing else, may leave this site; after it comes ``continue_url``.
    """
    is_due = _ends_at_auth0(request)
    auth.logout(request)
    if is_due:
        request.session[LOGOUT_KEY] = {"is_due": True, "next_url": continue_url}
    return is_due


def _ends_at_auth0(request: HttpRequest) -> bool:
    """Whether Auth0 may hold a session of its own that should end with this one."""
    record = LoginRecord.of_session(request)
    return conf.LOGOUT == "auth0" and record is not None and record.came_by_redirect


def after_flush(request: HttpRequest) -> tuple[str | None, str]:
    """Return where Auth0 ends its session, once, and where the person goes on after that."""
    match request.session.get(LOGOUT_KEY):
        case {"is_due": True, "next_url": next_url}:
            request.session[LOGOUT_KEY] = {"is_due": False, "next_url": next_url}
            return get_client().authorize.logout_url(absolute_url(request, "logged_out")), ""
        case {"next_url": str(next_url)}:
            del request.session[LOGOUT_KEY]
            return None, next_url
    return None, ""
