"""Choose a second factor, among those that the person has."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import TemplateView

from django_pwdless.flows import step_context, steps
from django_pwdless.flows.second_factor import choice
from django_pwdless.session.pending_login import FACTOR_ADD
from django_pwdless.session.pending_mfa import PendingMFA
from django_pwdless.views.base import PwdlessView


class MFAView(PwdlessView, TemplateView):
    """Choose among the usable authenticators; a POST without a choice lists them afresh."""

    template_name: str = "django_pwdless/mfa/select.html"
    needs_mfa = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the choice, or lead to the enrollment where there is none."""
        pending, mfa = PendingMFA.require(request)
        if pending.kind == FACTOR_ADD:
            return HttpResponseRedirect(self.first_url(pending))
        if steps.choice_step(mfa) == steps.ENROLL_FACTOR:
            return HttpResponseRedirect(reverse("pwdless:mfa_enroll"))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Challenge the chosen one, and lead to where it is answered."""
        if "authenticator" in request.POST:
            choice.choose(request, request.POST["authenticator"])
        else:
            choice.relist(request)
        pending, _mfa = PendingMFA.require(request)
        return HttpResponseRedirect(self.step_url(pending))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the choices and the time that is left."""
        pending, mfa = PendingMFA.require(self.request)
        return {
            **super().get_context_data(**kwargs),
            **step_context.choice_context(mfa),
            "change_url": self.first_url(pending),
        }
