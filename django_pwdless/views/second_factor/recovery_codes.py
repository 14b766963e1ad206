"""New recovery codes, shown until their owner has saved them."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import TemplateView

from django_pwdless.flows.account.identities import signed_in_name
from django_pwdless.pages.site_name import site_name
from django_pwdless.session.login_record import RecoveryCodes
from django_pwdless.views.base import PwdlessView


def file_context(request: HttpRequest) -> dict[str, str]:
    """Return what a file of these codes is called and begins with: whose they are, and where."""
    place = site_name(request) or request.get_host()
    account = signed_in_name(request)
    words = " ".join(["recovery codes", place, account])
    return {
        "download_name": re.sub(r"[^\w@.]+", "-", words).strip("-.") + ".txt",
        "download_head": f"{place}\n{account}",
    }


class RecoveryCodesView(PwdlessView, TemplateView):
    """Show new recovery codes to their owner until they say that they have saved them."""

    template_name: str = "django_pwdless/mfa/recovery_codes.html"
    is_step: ClassVar[bool] = False
    needs_mfa = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show them; go on where there are none."""
        if not request.user.is_authenticated:
            return HttpResponseRedirect(self.login_url(reverse("pwdless:recovery_codes")))
        if RecoveryCodes.load(request) is None:
            return self.signed_in(self.get_redirect_url())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Forget them, and go on."""
        if not request.user.is_authenticated:
            return HttpResponseRedirect(self.login_url(reverse("pwdless:recovery_codes")))
        RecoveryCodes.confirm(request)
        return self.signed_in(self.get_redirect_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the codes and where to go on."""
        unconfirmed = RecoveryCodes.load(self.request)
        return {
            **super().get_context_data(**kwargs),
            "recovery_codes": unconfirmed.codes if unconfirmed else (),
            **file_context(self.request),
            "next": self.get_redirect_url(),
        }
