"""The floors, the admin, and the package's pages where it is installed."""

from __future__ import annotations

import os

from django.apps import apps
from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("floors/", include("floors")), path("admin/", admin.site.urls)]

if apps.is_installed("django_pwdless"):
    urlpatterns.append(path("accounts/", include("django_pwdless.urls")))

# Nor has one that only serves pages a framework for APIs.
if apps.is_installed("django_pwdless") and "BENCHMARK_PAGES_ONLY" not in os.environ:
    urlpatterns.append(path("json/", include("django_pwdless.headless.urls.browser")))
    urlpatterns.append(path("api/", include("api_views")))
    urlpatterns.append(path("signed-in/", include("signed_in_views")))
