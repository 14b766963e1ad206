"""The ways in of ``peers_settings``: logins by redirect, and calls with a token."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import urls
from api_views import AUDIENCE, Framework
from asgiref.sync import async_to_sync
from auth0.authentication import GetToken
from auth0.authentication.token_verifier import AsymmetricSignatureVerifier, TokenVerifier
from auth0_api_python import ApiClient, ApiClientOptions
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import include, path
from mozilla_django_oidc.contrib.drf import OIDCAuthentication
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import IsAuthenticated

from django_pwdless.models import Identity

CALLBACK = "https://site.localhost/by-hand/callback/"
OWN = settings.PWDLESS


def by_hand(request: HttpRequest) -> HttpResponseRedirect:
    """Begin a login with auth0-python: it sends nobody anywhere itself."""
    request.session["state"] = secrets.token_urlsafe(32)
    query = {"response_type": "code", "client_id": OWN["CLIENT_ID"], "redirect_uri": CALLBACK}
    query |= {"scope": "openid profile email", "state": request.session["state"]}
    return HttpResponseRedirect(f"https://{OWN['DOMAIN']}/authorize?{urlencode(query)}")


def by_hand_callback(request: HttpRequest) -> HttpResponseRedirect:
    """End it: state, code and ID token, then the user who has the address."""
    if request.GET["state"] != request.session.pop("state"):
        raise ValueError
    tokens = GetToken(OWN["DOMAIN"], OWN["CLIENT_ID"], OWN["CLIENT_SECRET"]).authorization_code(
        request.GET["code"], CALLBACK
    )
    claims = _verifier().verify(tokens["id_token"])
    user = get_user_model().objects.get(email=claims["email"])
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect("/")


@lru_cache(maxsize=1)
def _verifier() -> TokenVerifier:
    signature = AsymmetricSignatureVerifier(f"https://{OWN['DOMAIN']}/.well-known/jwks.json")
    return TokenVerifier(signature, f"https://{OWN['DOMAIN']}/", OWN["CLIENT_ID"])


class ByHand(BaseAuthentication):
    """auth0-api-python in an authenticator of one's own."""

    def authenticate(self, request: Any) -> tuple[Any, Any]:
        """Verify the token, and find its user by issuer and subject."""
        token = request.META["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
        claims = async_to_sync(_api().verify_access_token)(token)
        identity = Identity.objects.find(claims["iss"], claims["sub"])
        if identity is None:
            raise AuthenticationFailed
        return identity.user, claims


@lru_cache(maxsize=1)
def _api() -> ApiClient:
    return ApiClient(ApiClientOptions(domain=OWN["DOMAIN"], audience=AUDIENCE))


def _framework(authentication: Any) -> Any:
    permission = {"permission_classes": [IsAuthenticated]}
    return Framework.as_view(authentication_classes=[authentication], **permission)


urlpatterns = [
    path("by-hand/", by_hand),
    path("by-hand/callback/", by_hand_callback),
    path("social/", include("social_django.urls", namespace="social")),
    path("oidc/", include("mozilla_django_oidc.urls")),
    path("allauth/", include("allauth.urls")),
    path("api/framework/oidc/", _framework(OIDCAuthentication)),
    path("api/framework/auth0/", _framework(ByHand)),
    *urls.urlpatterns,
]
