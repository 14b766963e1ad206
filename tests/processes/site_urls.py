from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from django_pwdless.api import bearer_required
from django_pwdless.tokens import get_access_token
from tests import urls


def token(request: HttpRequest) -> HttpResponse:
    """Say which access token this request got."""
    return HttpResponse(get_access_token(request).value)


@bearer_required()
def called(request: HttpRequest) -> HttpResponse:
    """Say who calls."""
    return HttpResponse(str(request.user.pk))


urlpatterns = [path("token/", token), path("called/", called), *urls.urlpatterns]
