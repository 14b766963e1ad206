"""A site that has the JSON, and none of our pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/", include("django_pwdless.headless.urls.browser")),
    path("app/", include("django_pwdless.headless.urls.app")),
]
