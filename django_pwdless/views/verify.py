"""The second step: type the code."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.views.generic import FormView

from django_pwdless.exceptions import InvalidCode
from django_pwdless.flows import codes, step_context
from django_pwdless.forms import CodeForm
from django_pwdless.identifiers.methods import EMAIL_LINK
from django_pwdless.pages.problems import wrong_code_text
from django_pwdless.session.pending_login import PendingLogin

from .base import PwdlessView


class CodeFormView(PwdlessView, FormView):  # type: ignore[type-arg]
    """Takes a code; a subclass says in ``verify`` what it proves."""

    def verify(self, form: Any) -> PendingLogin:
        """Have the form's code checked; return what was pending, or raise ``InvalidCode``."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on, or say at the field what is wrong with the code."""
        try:
            pending = self.verify(form)
        except InvalidCode as error:
            form.add_error("code", self.explain(error))
            return self.form_invalid(form)
        return self.completed(pending)

    def explain(self, error: InvalidCode) -> str | Promise:
        """Return what is wrong with the code, and what to do."""
        return wrong_code_text(error)


class VerifyView(CodeFormView):
    """Take the code of the pending login, and sign its person in."""

    form_class = CodeForm
    template_name: str = "django_pwdless/verify.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form of the pending login."""
        if self.pending.mfa or self.pending.method == EMAIL_LINK:
            return HttpResponseRedirect(self.step_url(self.pending))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the code."""
        if self.pending.mfa:
            return HttpResponseRedirect(self.step_url(self.pending))
        return super().post(request, *args, **kwargs)

    def verify(self, form: CodeForm) -> PendingLogin:
        """Exchange the code of the first factor."""
        return codes.verify_code(self.request, self.pending, form.cleaned_data["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the page says about the code."""
        context = super().get_context_data(**kwargs)
        context["form"].focus()
        return {
            **context,
            **step_context.code_context(self.pending),
            "change_url": self.first_url(self.pending),
        }
