"""One view in several ways: what a call with an access token costs, beside its floor."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import jwt
import requests
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from django_pwdless.api import bearer_required
from django_pwdless.contrib.rest_framework import BearerAuthentication, HasScopes

AUDIENCE = "https://api.example.com"


def floor(request: HttpRequest) -> HttpResponse:
    """The floor: one PyJWT verification with a key at hand, and one user by primary key."""
    _, _, token = request.META["HTTP_AUTHORIZATION"].partition(" ")
    jwt.decode(
        token,
        _key(),
        algorithms=["RS256"],
        audience=AUDIENCE,
        issuer=f"https://{settings.PWDLESS['DOMAIN']}/",
        leeway=30,
        options={"require": ["iss", "sub", "aud", "exp", "iat"]},
    )
    user = get_user_model().objects.get(pk=request.GET["pk"])
    return HttpResponse(user.get_username())


@bearer_required(scopes=["read:orders"])
def ours(request: HttpRequest) -> HttpResponse:
    """The package's: every rule, the scope, and the user by the token's issuer and subject."""
    return HttpResponse(request.user.get_username())


@lru_cache(maxsize=1)
def _key() -> Any:
    url = f"https://{settings.PWDLESS['DOMAIN']}/.well-known/jwks.json"
    return jwt.PyJWK(requests.get(url, timeout=10).json()["keys"][0], algorithm="RS256").key


class Framework(APIView):
    """A view of Django REST framework."""

    renderer_classes = [JSONRenderer]

    def get(self, request: Any) -> Response:
        """Say who calls."""
        return Response(request.user.get_username())


OURS_IN_FRAMEWORK = Framework.as_view(
    authentication_classes=[BearerAuthentication], permission_classes=[HasScopes("read:orders")]
)

urlpatterns = [
    path("floor/", floor),
    path("ours/", ours),
    path("framework/ours/", OURS_IN_FRAMEWORK),
]

HAS_SIMPLEJWT = find_spec("rest_framework_simplejwt") is not None
if HAS_SIMPLEJWT:
    from rest_framework.permissions import IsAuthenticated
    from rest_framework_simplejwt.authentication import JWTAuthentication

    view = Framework.as_view(
        authentication_classes=[JWTAuthentication], permission_classes=[IsAuthenticated]
    )
    urlpatterns.append(path("framework/simplejwt/", view))
