"""Sign out, here and at Auth0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.views.generic import TemplateView

from django_pwdless.flows.account import logout
from django_pwdless.views.base import PwdlessView


def logged_out_url() -> str:
    """Return where people go who have just been signed out."""
    return resolve_url(settings.LOGOUT_REDIRECT_URL or "pwdless:logged_out")


class LogoutView(PwdlessView):
    """End the session with all it holds."""

    http_method_names: Sequence[str] = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out, then lead to ``next`` or the site's page for it."""
        target = self.get_success_url()
        if logout.sign_out(request, continue_url=self._continue_url(target)):
            # A form may lead to this site only; the page after it leads on.
            return HttpResponseRedirect(reverse("pwdless:logged_out"))
        return HttpResponseRedirect(target)

    def next_page_url(self, url: str | None) -> str:
        """Return an address that somebody can go on to: to sign in again, too."""
        return self.safe_url(url)

    def get_default_redirect_url(self) -> str:
        """Return where a logout without ``next`` leads."""
        return resolve_url(self.next_page) if self.next_page else logged_out_url()

    def _continue_url(self, target: str) -> str:
        return "" if target == reverse("pwdless:logged_out") else target


class LoggedOutView(PwdlessView, TemplateView):
    """Say that the person is signed out, or lead on to where Auth0 ends its session too."""

    template_name: str = "django_pwdless/logged_out.html"
    http_method_names: Sequence[str] = ("get", "head", "options")
    # The way on to Auth0 is shown once.
    changes_by_get: ClassVar[bool] = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add where to go on."""
        auth0_logout_url, next_url = None, ""
        if self.request.method == "GET":
            auth0_logout_url, next_url = logout.after_flush(self.request)
        return {
            **super().get_context_data(**kwargs),
            "auth0_logout_url": auth0_logout_url,
            "continue_url": self.safe_url(next_url) or None,
        }
