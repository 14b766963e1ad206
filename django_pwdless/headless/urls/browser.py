"""For pages in a browser: ``path("api/", include("django_pwdless.headless.urls.browser"))``."""

from __future__ import annotations

from django.urls import path

from django_pwdless.headless.endpoint import endpoint
from django_pwdless.headless.operations import by_path
from django_pwdless.headless.visits import BrowserVisit

app_name = "pwdless_browser"

urlpatterns = [
    path(route, endpoint(BrowserVisit, operations), name=operations[0].name)
    for route, operations in by_path().items()
]
