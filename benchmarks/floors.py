"""The two floors: what a login costs that does only what it cannot do without.

Neither keeps a pending login, counts against limits or handles an error, and the first proves
nothing at all: they are here to be measured, not to be copied.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jwt
import requests
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from requests.adapters import HTTPAdapter

from django_pwdless.conf import conf

OTP_GRANT = "http://auth0.com/oauth/grant-type/passwordless/otp"
TIMEOUT = (3.05, 10)
# As many connections as the package keeps open.
POOL_SIZE = 64


def bare_login(request: HttpRequest) -> HttpResponse:
    """Floor 1: a user by primary key, and Django's ``login()``."""
    user = get_user_model().objects.get(pk=request.POST["pk"])
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect("/")


def login_with_exchange(request: HttpRequest) -> HttpResponse:
    """Floor 2: one POST over a pooled connection, one RS256 verification, then floor 1."""
    fields = {
        "grant_type": OTP_GRANT,
        "client_id": conf.CLIENT_ID,
        "client_secret": conf.CLIENT_SECRET,
        "realm": "email",
        "username": request.POST["identifier"],
        "otp": request.POST["code"],
        "scope": "openid profile email",
    }
    answer = _session().post(f"{conf.tenant_url}/oauth/token", data=fields, timeout=TIMEOUT)
    jwt.decode(
        answer.json()["id_token"],
        _key(),
        algorithms=["RS256"],
        audience=conf.CLIENT_ID,
        issuer=conf.issuer,
    )
    return bare_login(request)


@lru_cache(maxsize=1)
def _session() -> requests.Session:
    session = requests.Session()
    session.mount("https://", HTTPAdapter(pool_maxsize=POOL_SIZE))
    return session


@lru_cache(maxsize=1)
def _key() -> Any:
    answer = _session().get(f"{conf.tenant_url}/.well-known/jwks.json", timeout=TIMEOUT)
    return jwt.PyJWK(answer.json()["keys"][0], algorithm="RS256").key
