"""The second factor: choose one, answer it, and what a waiting page asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from django_pwdless.conf import conf
from django_pwdless.exceptions import InvalidCode
from django_pwdless.flows import step_context, steps
from django_pwdless.flows.second_factor import choice
from django_pwdless.flows.second_factor.answer import verify_factor
from django_pwdless.flows.second_factor.policy import PHONE, PUSH, RECOVERY_CODE
from django_pwdless.flows.second_factor.push import poll_push
from django_pwdless.forms import FactorCodeForm, factor_form
from django_pwdless.limits.rates import tries_of
from django_pwdless.pages.owner_log import tell_owner
from django_pwdless.pages.problems import problem_from, wrong_code_text
from django_pwdless.session.pending_login import FACTOR_ADD, PendingLogin
from django_pwdless.session.pending_mfa import POLL_INTERVAL, Challenge, PendingMFA

from .base import PwdlessView
from .verify import CodeFormView

# What is lost with a phone.
ON_A_PHONE = ("otp", PHONE, PUSH)
DENIED = gettext_lazy("The request was denied on your phone.")


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
        return PendingMFA.require(self.request)

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


class MFAPollView(PwdlessView):
    """Say what a push notification has come to: to the waiting page's script, or to a button."""

    needs_mfa = True
    http_method_names: Sequence[str] = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask Auth0 where it is time to."""
        if self.wants_json:
            return self.as_json(request)
        poll, pending = poll_push(request)
        if poll.status == "approved":
            return self.lead_to(poll.step, pending.next_url)
        if poll.status == "rejected":
            if poll.error is not None:
                return self.problem(poll.error)
            messages.error(request, DENIED, fail_silently=True)
        else:
            tell_owner(poll.error)
            messages.info(request, _("No answer yet. Check your phone."), fail_silently=True)
        return self.lead_to(poll.step, pending.next_url)

    @property
    def wants_json(self) -> bool:
        """Whether the script asks."""
        return "application/json" in self.request.headers.get("Accept", "")

    def start_again(self) -> HttpResponseBase:
        """Tell the script where; it reads JSON only."""
        answer = super().start_again()
        return _json("expired", POLL_INTERVAL, answer["Location"]) if self.wants_json else answer

    def as_json(self, request: HttpRequest) -> JsonResponse:
        """Answer the script, always with 200; raises ``StepMissing``."""
        poll, pending = poll_push(request)
        tell_owner(poll.error)
        if poll.status == "pending":
            return _json(poll.status, poll.interval, None)
        if poll.status == "rejected":
            # The script leads on at once: the next page says what has happened.
            text = DENIED if poll.error is None else problem_from(poll.error).title
            messages.error(request, str(text), fail_silently=True)
        target = self.lead_to(poll.step, pending.next_url)["Location"]
        return _json(poll.status, poll.interval, target)


def _json(status: str, interval: int, redirect: str | None) -> JsonResponse:
    return JsonResponse({"status": status, "interval": interval, "redirect": redirect})
