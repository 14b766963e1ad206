"""Sign out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.generic import TemplateView

from .base import PwdlessView


class LogoutView(PwdlessView):
    """End the session with all it holds."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out, then lead to ``next`` or the site's page for it."""
        target = self.get_success_url()
        auth.logout(request)
        return HttpResponseRedirect(target)

    def get_default_redirect_url(self) -> str:
        """Return where a logout without ``next`` leads."""
        return resolve_url(self.next_page or settings.LOGOUT_REDIRECT_URL or "pwdless:logged_out")


class LoggedOutView(PwdlessView, TemplateView):
    """Say that the person is signed out."""

    template_name = "django_pwdless/logged_out.html"
    http_method_names = ("get", "head", "options")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add where to go on."""
        context = super().get_context_data(**kwargs)
        return {"continue_url": None, "auth0_logout_url": None, **context}
