"""Ask for another message, of whatever step it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from django_pwdless.flows.resending import resend

from .base import PwdlessView


class ResendView(PwdlessView):
    """Send the current step's message again."""

    http_method_names: Sequence[str] = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send, and lead back to the step."""
        pending = resend(request, method=request.POST.get("method", ""))
        messages.success(
            request, _("Look out for a new message. Only the newest one works."), fail_silently=True
        )
        return HttpResponseRedirect(self.step_url(pending))
