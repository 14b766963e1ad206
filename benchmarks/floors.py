"""The two floors: what a login costs that does only what it cannot do without.

None of these keeps a pending login, counts against limits or handles an error, and the first one
proves nothing at all: they are here to be measured, not to be copied.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jwt
import requests
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from requests.adapters import HTTPAdapter

# Nothing of the package is used here, not even a constant: a floor's memory is measured too.
GRANTS = "http://auth0.com/oauth/grant-type"
TIMEOUT = (3.05, 10)
# As many connections as the package keeps open.
POOL_SIZE = 64


def bare_login(request: HttpRequest) -> HttpResponse:
    """Floor 1: a user by primary key, and Django's ``login()``."""
    pk = request.POST.get("pk") or request.GET["pk"]
    user = get_user_model().objects.get(pk=pk)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect("/")


def typed_code(request: HttpRequest) -> HttpResponse:
    """Floor 2 of a mailed code."""
    _exchange(
        grant_type=f"{GRANTS}/passwordless/otp",
        realm="email",
        username=request.POST["identifier"],
        otp=request.POST["code"],
        scope="openid profile email",
    )
    return bare_login(request)


def pressed_link(request: HttpRequest) -> HttpResponse:
    """Floor 2 of a mailed link."""
    _exchange(
        grant_type="authorization_code",
        code=request.GET["code"],
        redirect_uri="https://site.localhost/accounts/callback/",
    )
    return bare_login(request)


def typed_app_code(request: HttpRequest) -> HttpResponse:
    """Floor 2 of an authenticator app's code."""
    _exchange(
        grant_type=f"{GRANTS}/mfa-otp",
        mfa_token=request.POST["mfa_token"],
        otp=request.POST["code"],
    )
    return bare_login(request)


def _exchange(**fields: str) -> None:
    """One POST over a pooled connection, and one RS256 verification."""
    client_id, tenant = settings.PWDLESS["CLIENT_ID"], _tenant()
    fields |= {"client_id": client_id, "client_secret": settings.PWDLESS["CLIENT_SECRET"]}
    answer = _session().post(f"{tenant}/oauth/token", data=fields, timeout=TIMEOUT)
    token = answer.json()["id_token"]
    jwt.decode(token, _key(), algorithms=["RS256"], audience=client_id, issuer=f"{tenant}/")


def _tenant() -> str:
    return f"https://{settings.PWDLESS['DOMAIN']}"


@lru_cache(maxsize=1)
def _session() -> requests.Session:
    session = requests.Session()
    session.mount("https://", HTTPAdapter(pool_maxsize=POOL_SIZE))
    return session


@lru_cache(maxsize=1)
def _key() -> Any:
    answer = _session().get(f"{_tenant()}/.well-known/jwks.json", timeout=TIMEOUT)
    return jwt.PyJWK(answer.json()["keys"][0], algorithm="RS256").key


urlpatterns = [
    path("login/", bare_login),
    path("code/", typed_code),
    path("link/", pressed_link),
    path("app/", typed_app_code),
]
