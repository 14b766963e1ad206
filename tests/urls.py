from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Hello, {request.user.get_username() or 'stranger'}.")


urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("django_pwdless.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("django_pwdless.headless.urls.browser")),
    path("app/", include("django_pwdless.headless.urls.app")),
]
