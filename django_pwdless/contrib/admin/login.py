"""What stands in for the admin's login page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import TemplateView

from django_pwdless.flows.account.identities import signed_in_name
from django_pwdless.views.base import PwdlessView


class AdminLoginView(PwdlessView, TemplateView):
    """Lead to the app's login page, and staff on to ``next``; takes no form.

    The admin sends people here too who are signed in and not staff. They are told so: to send them
    to sign in would bring them straight back.
    """

    admin_site: admin.AdminSite = admin.site
    template_name: str = "django_pwdless/not_staff.html"
    http_method_names: Sequence[str] = ("get", "head", "options")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead on, or say who is signed in."""
        target = self.get_success_url()
        if self.admin_site.has_permission(request):
            return HttpResponseRedirect(target)
        if not request.user.is_authenticated:
            return HttpResponseRedirect(self.login_url(target))
        context = self.get_context_data(
            signed_in_as=signed_in_name(request), switch_url=self.login_url(target)
        )
        return self.render_to_response(context, status=403)

    def get_default_redirect_url(self) -> str:
        """Return the admin's first page."""
        return reverse("admin:index", current_app=self.admin_site.name)
