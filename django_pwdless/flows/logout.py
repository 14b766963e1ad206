"""Signing out at Auth0 too, for logins that came by a redirect."""

from __future__ import annotations

from django.http import HttpRequest

from django_pwdless.addresses import absolute_url
from django_pwdless.conf import conf
from django_pwdless.login_record import LoginRecord
from django_pwdless.provider import get_client

LOGOUT_KEY = "_pwdless_logout"


def ends_at_auth0(request: HttpRequest) -> bool:
    """Whether Auth0 may hold a session of its own that should end with this one."""
    record = LoginRecord.load(request)
    return conf.LOGOUT == "auth0" and record is not None and record.came_by_redirect


def remember_after_flush(request: HttpRequest, *, next_url: str) -> None:
    """Have the page after the logout lead on to Auth0, and from there back to ``next_url``."""
    request.session[LOGOUT_KEY] = {"is_due": True, "next_url": next_url}


def after_flush(request: HttpRequest) -> tuple[str | None, str]:
    """Return where Auth0 ends its session, once, and where the person goes on after that."""
    stored = request.session.get(LOGOUT_KEY)
    if not isinstance(stored, dict):
        return None, ""
    if not stored.get("is_due"):
        return None, request.session.pop(LOGOUT_KEY)["next_url"]
    request.session[LOGOUT_KEY] = {**stored, "is_due": False}
    return get_client().authorize.logout_url(absolute_url(request, "logged_out")), ""
