"""People who are signed in, their sign-in and its tokens kept: see README.md."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory
from measure import Prepare
from site_requests import Site

from django_pwdless.conf import conf


def request_with_token() -> HttpRequest:
    """Return a request of somebody whose sign-in keeps an access token."""
    from django_pwdless.sign_ins.beginning import Login, announce
    from django_pwdless.tokens.kept_tokens import KeptTokens

    client, issuer, audience = conf.CLIENT_ID, conf.issuer, conf.AUDIENCE or ""
    kept = KeptTokens("sub", issuer, client, audience, "token", time.time() + 86400, "openid")
    request = RequestFactory().get("/")
    request.session = SessionStore()
    user: Any = get_user_model().objects.create(username=f"caller{time.time_ns()}")
    identities = apps.get_model("django_pwdless", "Identity").objects
    identity = identities.create(user=user, issuer=issuer, subject=user.username)
    request.user = user
    announce(request, Login(identity, tokens=kept.sealed))
    login(request, user, backend="django_pwdless.backends.PasswordlessBackend")
    request.session.save()
    return request


def looks(site: Site) -> dict[str, Prepare]:
    """Return what makes requests of somebody signed in, by the view of ``signed_in_views``."""
    browser = site.next_browser()
    browser.cookies[settings.SESSION_COOKIE_NAME] = request_with_token().session.session_key or ""
    paths = {name: f"/signed-in/{name}/" for name in ("user", "row", "token")}
    return {name: partial(browser.get, path, "200 OK") for name, path in paths.items()}
