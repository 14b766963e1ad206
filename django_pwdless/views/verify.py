"""The second step: type the code, or ask for another."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from django_pwdless.conf import conf
from django_pwdless.exceptions import CodeExhausted, CodeExpired, InvalidCode, StepMissing
from django_pwdless.flows import codes, sending
from django_pwdless.forms import CodeForm
from django_pwdless.pending import PendingLogin

from .base import PwdlessView

CODE_ERRORS: dict[type[InvalidCode], Any] = {
    InvalidCode: gettext_lazy("That is not the right code. Please check it and try again."),
    CodeExpired: gettext_lazy("This code has expired. Please send a new code."),
    CodeExhausted: gettext_lazy("This code was tried too often. Please send a new code."),
}


class VerifyView(PwdlessView, FormView):  # type: ignore[type-arg]
    """Take the code of the pending login, and sign its person in."""

    form_class = CodeForm
    template_name = "django_pwdless/verify.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form of the pending login."""
        self.get_pending()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the code."""
        self.get_pending()
        return super().post(request, *args, **kwargs)

    def get_pending(self) -> PendingLogin:
        """Return the pending login; raises ``StepMissing`` without one."""
        pending = PendingLogin.load(self.request)
        if pending is None:
            raise StepMissing
        return pending

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """Sign in, or say at the field what is wrong with the code."""
        try:
            pending = codes.verify_code(self.request, form.cleaned_data["code"])
        except InvalidCode as error:
            form.add_error("code", CODE_ERRORS[type(error)])
            return self.form_invalid(form)
        target = self.safe_url(pending.next_url) or self.get_default_redirect_url()
        return HttpResponseRedirect(target)

    def get_default_redirect_url(self) -> str:
        """Return where a login without ``next`` leads."""
        return resolve_url(self.next_page or settings.LOGIN_REDIRECT_URL)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the page says about the code."""
        context = super().get_context_data(**kwargs)
        context["form"].focus()
        pending = self.get_pending()
        return {
            **context,
            "masked_identifier": pending.to_identifier().masked,
            "connection": pending.connection,
            "code_length": conf.CODE_LENGTH,
            "code_lifetime": conf.CODE_LIFETIME,
            "tries_left": pending.tries_left,
            "resend_wait": pending.resend_wait,
            "change_url": self.login_url(pending.next_url),
        }


class ResendView(PwdlessView):
    """Send the current step's message again."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send, and lead back to the step."""
        sending.resend(request)
        messages.success(request, _("A new code is on its way."), fail_silently=True)
        return HttpResponseRedirect(reverse("pwdless:verify"))
