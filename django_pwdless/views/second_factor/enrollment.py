"""Choose a second factor to enroll."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.views.generic import FormView

from django_pwdless.exceptions import AuthenticatorNotFound, InvalidIdentifier
from django_pwdless.flows import step_context
from django_pwdless.flows.second_factor import enrollment
from django_pwdless.forms import EnrollForm
from django_pwdless.session.pending_mfa import PendingMFA
from django_pwdless.views.base import PwdlessView


class MFAEnrollView(PwdlessView, FormView):  # type: ignore[type-arg]
    """Choose a factor to enroll, and begin."""

    form_class = EnrollForm
    template_name: str = "django_pwdless/mfa/enroll.html"
    needs_mfa = True

    def get_names(self) -> list[str]:
        """Return the factors that may be enrolled now; raises ``StepMissing`` for none."""
        return enrollment.enrollable_factors(self.request)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what may be enrolled now."""
        return {**super().get_form_kwargs(), "factors": self.get_names()}

    def begin(self, form: EnrollForm) -> None:
        """Begin the enrollment; raises ``InvalidIdentifier`` and ``AuthenticatorNotFound``."""
        enrollment.enroll(self.request, **form.cleaned_data)

    def form_valid(self, form: EnrollForm) -> HttpResponse:
        """Begin, and lead to where it is confirmed."""
        try:
            self.begin(form)
        except InvalidIdentifier:
            form.refuse_number()
            return self.form_invalid(form)
        except AuthenticatorNotFound:
            form.refuse_factor()
            return self.form_invalid(form)
        pending, _mfa = PendingMFA.require(self.request)
        return HttpResponseRedirect(self.step_url(pending))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the factors and the time that is left."""
        context = super().get_context_data(**kwargs)
        context["form"].focus()
        return {**context, **self.get_step_context()}

    def get_step_context(self) -> dict[str, Any]:
        """Return what there is to choose, and until when."""
        pending, mfa = PendingMFA.require(self.request)
        return {
            **step_context.enrollment_context(mfa, self.get_names()),
            "change_url": self.first_url(pending),
            "is_added": False,
        }
