"""The site that people share: pages, JSON, a page that needs an access token, and an API."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from django_pwdless.api import bearer_required
from django_pwdless.auth0.verification.unverified import unverified_claims
from django_pwdless.exceptions import Misconfigured, Unavailable
from django_pwdless.tokens import get_access_token
from tests import urls


def token(request: HttpRequest) -> HttpResponse:
    """Say whose access token this request got."""
    try:
        claims = unverified_claims(get_access_token(request).value) or {}
    except (Unavailable, Misconfigured):
        return HttpResponse(status=503)
    return JsonResponse({"sub": claims["sub"]}, headers={"Cache-Control": "no-store"})


@bearer_required()
def called(request: Any) -> HttpResponse:
    """Say who calls."""
    return JsonResponse({"user": str(request.user.pk)})


urlpatterns = [path("token/", token), path("called/", called), *urls.urlpatterns]
