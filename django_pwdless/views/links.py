"""Links: the page after one was sent, the any-device link, and the return from Auth0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.views.generic import TemplateView

from django_pwdless.exceptions import InvalidCode, StepMissing
from django_pwdless.flows import callback, codes, step_context
from django_pwdless.forms import CodeForm, LinkForm
from django_pwdless.identifiers.methods import EMAIL_CODE, EMAIL_LINK, UNIVERSAL
from django_pwdless.pages.problems import ADDRESS, MESSAGE, wrong_code_text
from django_pwdless.pages.protection import forget_query
from django_pwdless.session import redirect_states
from django_pwdless.session.pending_login import PendingLogin

from .base import PwdlessView
from .verify import CodeFormView


class LinkSentView(PwdlessView, TemplateView):
    """Say that a link is in the inbox, and what else can be done."""

    template_name: str = "django_pwdless/link_sent.html"
    only_for: ClassVar[tuple[str, ...]] = (EMAIL_LINK,)
    http_method_names: Sequence[str] = ("get", "head", "options")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the page says; raises ``StepMissing`` where no link was sent."""
        if self.pending.method != EMAIL_LINK:
            raise StepMissing
        return {
            **super().get_context_data(**kwargs),
            **step_context.link_context(self.pending),
            "change_url": self.first_url(self.pending),
        }


class LinkView(CodeFormView):
    """Take a code on any device: typed, or copied from the address's fragment by a script.

    What comes after ``#`` never reaches a server, so a mail scanner that opens the link uses
    nothing up.
    """

    template_name: str = "django_pwdless/link.html"
    only_for: ClassVar[tuple[str, ...]] = (EMAIL_CODE,)

    def get_form_class(self) -> type[CodeForm]:
        """Ask for the address only where no login of this session says whose code it is."""
        return CodeForm if self.get_pending() else LinkForm

    def get_pending(self) -> PendingLogin | None:
        """Return the session's pending login where it still waits for a code."""
        return codes.waiting_for_code(self.begun)

    def verify(self, form: CodeForm) -> PendingLogin:
        """Exchange the code of the pending login, or of the address typed beside it."""
        code, identifier = form.cleaned_data["code"], form.cleaned_data.get("identifier")
        if identifier is not None:
            return codes.verify_code_anywhere(self.request, identifier, code)
        return codes.verify_code(self.request, self.pending, code)

    def explain(self, error: InvalidCode) -> str | Promise:
        """Name the address too where it was typed: either can be wrong."""
        return wrong_code_text(error, source=MESSAGE if self.get_pending() else ADDRESS)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whose code is meant and what is left of it, where that is known."""
        context = super().get_context_data(**kwargs)
        context["form"].focus()
        pending = self.get_pending()
        return {
            **context,
            **step_context.any_device_context(pending),
            "change_url": self.first_url(pending),
        }


class CallbackView(PwdlessView):
    """Where Auth0 sends people back to; the one GET that signs in, once per state."""

    only_for: ClassVar[tuple[str, ...]] = (EMAIL_LINK, UNIVERSAL)
    # No HEAD: whoever only looks at a link must not use it up.
    http_method_names: Sequence[str] = ("get", "options")
    changes_by_get: ClassVar[bool] = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Take what Auth0 sent along out of the address, which each error report shows."""
        super().setup(request, *args, **kwargs)
        self.state = request.GET.get("state", "")
        self.sent = {
            "code": request.GET.get("code", ""),
            "error": request.GET.get("error", ""),
            "description": request.GET.get("error_description", ""),
        }
        forget_query(request)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign in, and lead to where the person wanted to go."""
        before, found = self.begun, redirect_states.find(request, self.state)
        if found is not None:
            self.begun = callback.begun_by(found, before)
        return self.completed(callback.finish_redirect(request, found, before, **self.sent))
