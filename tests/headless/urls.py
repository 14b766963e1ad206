"""A site that has the JSON, and none of our pages."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from django_pwdless.decorators import mfa_required
from django_pwdless.tokens import get_access_token


@mfa_required()
def with_mfa(request: HttpRequest) -> JsonResponse:
    return JsonResponse({})


def calls_an_api(request: HttpRequest) -> JsonResponse:
    return JsonResponse(get_access_token(request).header)


urlpatterns = [
    path("api/", include("django_pwdless.headless.urls.browser")),
    path("app/", include("django_pwdless.headless.urls.app")),
    path("with-mfa/", with_mfa),
    path("calls-an-api/", calls_an_api),
]
