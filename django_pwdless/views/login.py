"""The first step: say who you are."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.generic import FormView

from django_pwdless.conf import conf
from django_pwdless.exceptions import InvalidIdentifier
from django_pwdless.flows import sending
from django_pwdless.flows.account import confirming, identities
from django_pwdless.forms import LoginForm
from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.identifiers.methods import EMAIL_LINK, fitting_method, typed_methods
from django_pwdless.pages.page_urls import moved_url, page_url
from django_pwdless.pages.problems import UNDELIVERABLE
from django_pwdless.session.pending_login import PendingLogin

from .base import PwdlessView
from .confirmation import confirmation_context


class IdentifierFormView(PwdlessView, FormView):  # type: ignore[type-arg]
    """Takes an address or number; a subclass says in ``send`` what is begun with it."""

    def send(self, form: Any) -> PendingLogin:
        """Have a message sent; return what is pending then, or raise ``InvalidIdentifier``."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Send, then lead to where the code is typed."""
        try:
            pending = self.send(form)
        except InvalidIdentifier:
            form.refuse_identifier()
            return self.form_invalid(form)
        return HttpResponseRedirect(self.step_url(pending))


class LoginView(IdentifierFormView):
    """Take an address or number, have the message sent, and lead to the next step."""

    form_class = LoginForm
    template_name: str = "django_pwdless/login.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead straight on where nothing can be typed here.

        Not people who are signed in: Auth0's own session would answer for them again and again.
        """
        is_shown = request.method != "POST" and request.user.is_authenticated
        if not typed_methods() and not is_shown:
            return HttpResponseRedirect(self.with_next("universal", self.get_redirect_url()))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; send a person who is signed in already where they want to go."""
        if request.user.is_authenticated and not self.get_redirect_url():
            target = self.get_default_redirect_url()
            if not self.is_here(target):
                return HttpResponseRedirect(target)
        if moved := self.moved_url():
            return HttpResponseRedirect(moved)
        return super().get(request, *args, **kwargs)

    def moved_url(self) -> str | None:
        """Return this page's address on ``BASE_URL``, where links lead back to; None to stay."""
        if self.request.user.is_authenticated or not conf.offers(EMAIL_LINK):
            return None
        next_url = self.get_redirect_url()
        return moved_url(self.request, "login", **{self.redirect_field_name: next_url})

    def is_here(self, target: str) -> bool:
        """Whether an address is this page's, whatever its query: to lead there would never end."""
        parts = urlsplit(self.request.build_absolute_uri(target))
        return (parts.netloc, parts.path) == (self.request.get_host(), self.request.path)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the form, or a signed-in person's wish to confirm that it is them."""
        if "reconfirm" in request.POST and request.user.is_authenticated:
            return self.reconfirm(request.POST["reconfirm"])
        return super().post(request, *args, **kwargs)

    def reconfirm(self, pk: str) -> HttpResponse:
        """Have a code sent to one of a signed-in person's own identities."""
        next_url = self.get_redirect_url()
        try:
            pending = confirming.reconfirm(self.request, pk=pk, next_url=next_url)
        except InvalidIdentifier:
            messages.error(self.request, UNDELIVERABLE, fail_silently=True)
            query = {self.redirect_field_name: next_url, "confirm": "1"}
            return HttpResponseRedirect(page_url("login", **query))
        return HttpResponseRedirect(self.step_url(pending))

    def get_initial(self) -> dict[str, Any]:
        """Show again what this session typed for the login it has begun."""
        pending = PendingLogin.remembered(self.request)
        return {"identifier": pending.identifier} if pending else {}

    def send(self, form: LoginForm) -> PendingLogin:
        """Send in the way that was chosen, or that fits what was typed."""
        identifier: Identifier = form.cleaned_data["identifier"]
        method = fitting_method(identifier.connection, form.cleaned_data["method"])
        return sending.start(
            self.request,
            identifier=identifier,
            method=method.name,
            next_url=self.get_redirect_url(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the page needs beside the form."""
        context = super().get_context_data(**kwargs)
        if context["form"].is_bound or not self.request.user.is_authenticated:
            # A person who is signed in reads first what is above the form.
            context["form"].focus()
        next_url = self.get_redirect_url()
        is_asked_for = self.request.GET.get("confirm") == "1"
        return {
            **context,
            "methods": typed_methods(),
            "next": next_url,
            "signed_in_as": self.get_signed_in_name(),
            # Of whoever signs in, or as somebody else: not to confirm.
            "other_universal_url": self.universal_url(next_url),
            **confirmation_context(self, next_url, is_asked_for=is_asked_for),
        }

    def get_signed_in_name(self) -> str | None:
        """Return what a signed-in person goes by; None where nobody is."""
        if not self.request.user.is_authenticated:
            return None
        return identities.signed_in_name(self.request)
