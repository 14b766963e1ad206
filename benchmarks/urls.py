"""The floors, and the package's pages where it is installed."""

from __future__ import annotations

from django.apps import apps
from django.urls import include, path

urlpatterns = [path("floors/", include("floors"))]

if apps.is_installed("django_pwdless"):
    urlpatterns.append(path("accounts/", include("django_pwdless.urls")))
