"""For native apps: ``path("app/", include("django_pwdless.headless.urls.app"))``."""

from __future__ import annotations

from django.urls import path

from django_pwdless.headless.endpoint import endpoint
from django_pwdless.headless.operations import by_path
from django_pwdless.headless.visits import AppVisit

app_name = "pwdless_app"

urlpatterns = [
    path(route, endpoint(AppVisit, operations), name=operations[0].name)
    for route, operations in by_path().items()
]
