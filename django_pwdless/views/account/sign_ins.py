"""Where a person is signed in: see it, and end it from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from django_pwdless.conf import conf
from django_pwdless.flows.account import sign_ins
from django_pwdless.views.base import PwdlessView

from .logout import logged_out_url
from .navigation import AccountPageMixin


class OwnSignInsView(PwdlessView):
    """A page for signed-in people of a site that keeps sign-ins; ending one needs no new proof."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send people to the login page who are not signed in."""
        if not conf.SIGN_INS:
            raise Http404
        if not request.user.is_authenticated:
            return HttpResponseRedirect(self.login_url(reverse("pwdless:sign_ins")))
        return super().dispatch(request, *args, **kwargs)


class SignInsView(AccountPageMixin, OwnSignInsView, TemplateView):
    """List them."""

    account_page = "sign_ins"
    template_name: str = "django_pwdless/sign_ins.html"
    is_step: ClassVar[bool] = False
    http_method_names: Sequence[str] = ("get", "head", "options")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add them."""
        own = sign_ins.own_sign_ins(self.request)
        return {**super().get_context_data(**kwargs), "sign_ins": own}


class SignInEndView(OwnSignInsView):
    """End one of them."""

    http_method_names: Sequence[str] = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End it, and lead back to the list; a person who ends this one is signed out."""
        if sign_ins.end_own(request, kwargs["pk"]):
            return HttpResponseRedirect(logged_out_url())
        messages.success(request, _("Device signed out."), fail_silently=True)
        return HttpResponseRedirect(reverse("pwdless:sign_ins"))


class SignInsEndOthersView(OwnSignInsView):
    """End all but this one."""

    http_method_names: Sequence[str] = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End them, and lead back to the list."""
        sign_ins.end_others(request)
        text = _("You’re signed out everywhere else.")
        messages.success(request, text, fail_silently=True)
        return HttpResponseRedirect(reverse("pwdless:sign_ins"))
