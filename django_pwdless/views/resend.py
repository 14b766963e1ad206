"""Ask for another message, of whatever step it belongs to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from django_pwdless.flows import mfa_enrollment, sending
from django_pwdless.identifiers.methods import EMAIL_CODE
from django_pwdless.session.pending_login import PendingLogin

from .base import PwdlessView


class ResendView(PwdlessView):
    """Send the current step's message again."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send, and lead back to the step."""
        pending = self.resend(request, PendingLogin.require(request))
        messages.success(request, _("A new message is on its way."), fail_silently=True)
        return HttpResponseRedirect(self.step_url(pending))

    def resend(self, request: HttpRequest, pending: PendingLogin) -> PendingLogin:
        """Send what belongs to the step; return what is pending then."""
        if pending.mfa:
            mfa_enrollment.resend(request)
            return PendingLogin.require(request)
        if request.POST.get("method") == EMAIL_CODE:
            return sending.send_code_instead(request)
        return sending.resend(request)
