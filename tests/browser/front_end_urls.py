"""The small site, with the example project's page that does every journey by JSON."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import TemplateView

urlpatterns = [
    path("", include("tests.browser.site_urls")),
    path("api/", include("django_pwdless.headless.urls.browser")),
    path("front-end/", TemplateView.as_view(template_name="example/front_end.html")),
]
