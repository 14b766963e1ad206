"""Answer the second factor: type a code, or wait for a push."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property

from django_pwdless.conf import conf
from django_pwdless.exceptions import InvalidCode
from django_pwdless.flows import step_context
from django_pwdless.flows.answer import verify_factor
from django_pwdless.flows.second_factor import choice
from django_pwdless.flows.second_factor.policy import PHONE, PUSH, RECOVERY_CODE
from django_pwdless.forms import FactorCodeForm, factor_form
from django_pwdless.limits.rates import tries_of
from django_pwdless.pages.problems import wrong_code_text
from django_pwdless.session.pending_login import PendingLogin
from django_pwdless.session.pending_mfa import Challenge, PendingMFA
from django_pwdless.views.verify import CodeFormView

# What is lost with a phone.
ON_A_PHONE = ("otp", PHONE, PUSH)


class MFAChallengeView(CodeFormView):
    """Take the code of the chosen or newly enrolled authenticator, or wait for a push's answer."""

    template_name: str = "django_pwdless/mfa/challenge.html"
    push_template_name = "django_pwdless/mfa/push.html"
    needs_mfa = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the challenge, or lead to the choice where none was made."""
        _pending, mfa = self.step
        if mfa.challenge is None:
            return HttpResponseRedirect(reverse("pwdless:mfa"))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take a code; a push notification has none."""
        _pending, mfa = self.step
        if mfa.challenge is None or not mfa.challenge.needs_code:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    @cached_property
    def step(self) -> tuple[PendingLogin, PendingMFA]:
        """The step that is answered; it is decrypted once a request."""
        return self.pending, PendingMFA.of(self.request, self.pending)

    @property
    def shown(self) -> Challenge:
        """The challenge that is shown now."""
        return self.step[1].require_challenge()

    def get_form_class(self) -> type[FactorCodeForm]:
        """Return the form that reads this factor's codes."""
        return factor_form(self.shown.factor)

    def get_template_names(self) -> list[str]:
        """Return the waiting page for a push notification."""
        return [self.template_name if self.shown.needs_code else self.push_template_name]

    def verify(self, form: FactorCodeForm) -> PendingLogin:
        """Answer the challenge."""
        pending, mfa = self.step
        return verify_factor(self.request, pending, mfa, form.cleaned_data["code"])

    def explain(self, error: InvalidCode) -> str | Promise:
        """Ask for another code only while there are tries left for it."""
        pending, _mfa = self.step
        tries_left = tries_of("mfa", pending.wrong_tries)
        return wrong_code_text(error, source=self.shown.factor, tries_left=tries_left)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the page says about the challenge."""
        context = super().get_context_data(**kwargs)
        pending, mfa = self.step
        if context["form"].is_bound or not self.shown.secret:
            # While an app is set up, the focus would scroll past what to set up.
            context["form"].focus()
        return {
            **context,
            **step_context.answer_context(pending, mfa),
            "lost_phone": self.get_ways_without_phone(),
            "change_url": self.first_url(pending),
            "poll_url": reverse("pwdless:mfa_poll"),
        }

    def get_ways_without_phone(self) -> dict[str, Any] | None:
        """Return what is left to who has lost their phone; None where none is asked for."""
        _pending, mfa = self.step
        if self.shown.is_enrollment or self.shown.factor not in ON_A_PHONE:
            return None
        others = [
            item
            for item in choice.usable_authenticators(mfa)
            if item.id != self.shown.authenticator
        ]
        codes = (item.id for item in others if item.factor == RECOVERY_CODE)
        return {
            "has_another_way": any(item.factor != RECOVERY_CODE for item in others),
            "recovery_code": next(codes, None),
            "support_url": conf.SUPPORT_URL,
        }
