"""The package's pages, and the floors beside them."""

from __future__ import annotations

import floors
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("django_pwdless.urls")),
    path("floors/login/", floors.bare_login),
    path("floors/exchange/", floors.login_with_exchange),
]
