from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from . import api, views

urlpatterns = [
    path("", views.home, name="home"),
    path("account/", views.account, name="account"),
    path("api/account/", api.account),
    path("api/reader/", api.reader),
    path("api/", include("django_pwdless.headless.urls.browser")),
    path("app/", include("django_pwdless.headless.urls.app")),
    path("front-end/", views.front_end, name="front_end"),
    path("accounts/", include("django_pwdless.urls")),
    path("admin/", admin.site.urls),
]
