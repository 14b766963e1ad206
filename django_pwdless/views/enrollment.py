"""Enroll a second factor, and keep the recovery codes that come with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from django_pwdless.exceptions import AuthenticatorNotFound, InvalidIdentifier
from django_pwdless.factor_labels import describe_factor
from django_pwdless.flows import enrollment
from django_pwdless.forms import EnrollForm
from django_pwdless.recovery_codes import RecoveryCodes
from django_pwdless.second_factor import SecondFactor

from .base import PwdlessView


class MFAEnrollView(PwdlessView, FormView):  # type: ignore[type-arg]
    """Choose a factor to enroll, and begin."""

    form_class = EnrollForm
    template_name = "django_pwdless/mfa/enroll.html"
    needs_mfa = True

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what may be enrolled now."""
        return {
            **super().get_form_kwargs(),
            "factors": enrollment.enrollable_factors(self.request),
        }

    def form_valid(self, form: EnrollForm) -> HttpResponse:
        """Begin, and lead to where it is confirmed."""
        try:
            enrollment.enroll(self.request, **form.cleaned_data)
        except InvalidIdentifier:
            form.add_error("phone_number", _("This number cannot be used. Please check it."))
            return self.form_invalid(form)
        except AuthenticatorNotFound:
            form.add_error("factor", _("This cannot be set up now. Please choose another."))
            return self.form_invalid(form)
        pending, _second = SecondFactor.require(self.request)
        return HttpResponseRedirect(self.step_url(pending))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the factors and the time that is left."""
        context = super().get_context_data(**kwargs)
        context["form"].focus()
        pending, second = SecondFactor.require(self.request)
        names = enrollment.enrollable_factors(self.request)
        return {
            **context,
            "factors": [describe_factor(name) for name in names],
            "expires_in": second.expires_in,
            "change_url": self.first_url(pending),
        }


class RecoveryCodesView(PwdlessView, TemplateView):
    """Show new recovery codes to their owner until they say that they have saved them."""

    template_name = "django_pwdless/mfa/recovery_codes.html"
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
            "next": self.get_redirect_url(),
        }
