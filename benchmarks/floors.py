"""The two floors: what a step costs that does only what it cannot do without.

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


def bare_session(request: HttpRequest) -> HttpResponse:
    """Floor 1 of asking for a code: a session that knows who asked."""
    request.session["identifier"] = request.POST["identifier"]
    return HttpResponseRedirect("/accounts/verify/")


def asked_code(request: HttpRequest) -> HttpResponse:
    """Floor 2 of asking for a code."""
    fields = {"connection": "email", "send": "code", "email": request.POST["identifier"]}
    _post("/passwordless/start", json=fields | _client())
    return bare_session(request)


def bare_login(request: HttpRequest) -> HttpResponse:
    """Floor 1 of signing in: a user by primary key, and Django's ``login()``."""
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
    token = _post("/oauth/token", data=fields | _client())["id_token"]
    client_id, issuer = settings.PWDLESS["CLIENT_ID"], f"{_tenant()}/"
    jwt.decode(token, _key(), algorithms=["RS256"], audience=client_id, issuer=issuer)


def _post(path: str, **body: dict[str, str]) -> Any:
    """One POST over a pooled connection; the body is ``json`` or form ``data``."""
    return _session().post(f"{_tenant()}{path}", timeout=TIMEOUT, **body).json()


def _client() -> dict[str, str]:
    own = settings.PWDLESS
    return {"client_id": own["CLIENT_ID"], "client_secret": own["CLIENT_SECRET"]}


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
    path("session/", bare_session),
    path("start/", asked_code),
    path("login/", bare_login),
    path("code/", typed_code),
    path("link/", pressed_link),
    path("app/", typed_app_code),
]
