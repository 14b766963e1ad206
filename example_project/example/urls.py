from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from . import api, views

urlpatterns = [
    path("", views.home, name="home"),
    path("account/", views.account, name="account"),
    path("api/account/", api.account),
    path("accounts/", include("django_pwdless.urls")),
    path("admin/", admin.site.urls),
]
