"""The package's pages, and the floors beside them."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("django_pwdless.urls")),
    path("floors/", include("floors")),
]
