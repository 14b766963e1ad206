"""A signed-in person's ways to sign in: see, add, remove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from django_pwdless.flows.account import identities
from django_pwdless.flows.account.confirming import needs_proof
from django_pwdless.forms import IdentifierForm
from django_pwdless.identifiers.methods import EMAIL_CODE, EMAIL_LINK, SMS_CODE
from django_pwdless.session.login_record import RecoveryCodes
from django_pwdless.session.pending_login import PendingLogin
from django_pwdless.views.base import PwdlessView
from django_pwdless.views.login import IdentifierFormView

from .navigation import AccountPageMixin


class OwnIdentitiesView(PwdlessView):
    """A page for signed-in people; changes need a fresh proof of who they are."""

    needs_fresh_login = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send people to the login page who are not signed in, or not freshly enough."""
        is_stale = self.needs_fresh_login and needs_proof(request)
        if not request.user.is_authenticated or is_stale:
            # A POST cannot be repeated after the login, so it begins again on the list.
            is_page = request.method in ("GET", "HEAD")
            path = request.get_full_path() if is_page else reverse("pwdless:identities")
            return HttpResponseRedirect(self.login_url(self.safe_url(path)))
        return super().dispatch(request, *args, **kwargs)


class IdentitiesView(AccountPageMixin, OwnIdentitiesView, TemplateView):
    """List the person's identities; with ``remove``, the key of one, ask whether to remove it."""

    account_page = "identities"
    template_name: str = "django_pwdless/identities.html"
    is_step: ClassVar[bool] = False
    needs_fresh_login = False
    http_method_names: Sequence[str] = ("get", "head", "options")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Have people confirm that it is them before they are asked."""
        self.needs_fresh_login = "remove" in request.GET
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add them."""
        own = identities.own_identities(self.request)
        pk = self.request.GET.get("remove", "")
        return {
            **super().get_context_data(**kwargs),
            "identities": own,
            "removing": identities.removing(self.request, pk) if pk else None,
            "has_unconfirmed_recovery_codes": RecoveryCodes.load(self.request) is not None,
        }


class IdentityAddView(OwnIdentitiesView, IdentifierFormView):
    """Take an address or number, send a code there, and lead to where it is typed."""

    form_class = IdentifierForm
    template_name: str = "django_pwdless/identity_add.html"
    is_step: ClassVar[bool] = False
    only_for: ClassVar[tuple[str, ...]] = (EMAIL_CODE, EMAIL_LINK, SMS_CODE)

    def send(self, form: IdentifierForm) -> PendingLogin:
        """Send; whose the address is, if anybody's, only the code can show."""
        return identities.begin_adding(
            self.request,
            identifier=form.cleaned_data["identifier"],
            next_url=self.get_redirect_url() or reverse("pwdless:identities"),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Put the focus where it belongs, and add where to go on."""
        context = super().get_context_data(**kwargs)
        context["form"].focus()
        return {**context, "next": self.get_redirect_url()}


class IdentityRemoveView(OwnIdentitiesView):
    """Remove one of them, never the last."""

    http_method_names: Sequence[str] = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remove it, and lead back to the list."""
        removed = identities.remove_identity(request, kwargs["pk"])
        if removed is None:
            text = _("You cannot remove your only sign-in method. Add another first.")
            messages.error(request, text, fail_silently=True)
        elif name := identities.masked_name(removed):
            # Translators: %(name)s is an address or number, partly hidden.
            text = _("Sign-in method removed: %(name)s") % {"name": name}
            messages.success(request, text, fail_silently=True)
        else:
            messages.success(request, _("Sign-in method removed."), fail_silently=True)
        return HttpResponseRedirect(reverse("pwdless:identities"))
