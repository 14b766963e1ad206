"""A signed-in person's second factors: see, add, remove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from django_pwdless.conf import conf
from django_pwdless.exceptions import AlreadyEnrolled, AuthenticatorNotFound
from django_pwdless.flows.own_factors import adding, listing, proof, removing
from django_pwdless.flows.own_factors.policy import must_stay, twin_of
from django_pwdless.flows.second_factor import policy
from django_pwdless.forms import EnrollForm
from django_pwdless.identifiers.methods import UNIVERSAL
from django_pwdless.pages.mfa_labels import describe_authenticator, describe_factor
from django_pwdless.session import factor_access
from django_pwdless.session.factor_access import FactorAccess
from django_pwdless.session.login_record import RecoveryCodes
from django_pwdless.views.base import PwdlessView
from django_pwdless.views.second_factor.enrollment import MFAEnrollView

from .navigation import AccountPageMixin

TYPED = ("factor", "phone_number", "channel")
MAX_TYPED = 64


class OwnFactorsView(PwdlessView):
    """A page for signed-in people of a site where they manage their second factors."""

    only_for: ClassVar[tuple[str, ...]] = (UNIVERSAL,)
    is_step: ClassVar[bool] = False
    needs_mfa = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send people to the login page who are not signed in."""
        if not conf.FACTORS_PAGE:
            raise Http404
        if not request.user.is_authenticated:
            return HttpResponseRedirect(self.login_url(reverse("pwdless:factors")))
        return super().dispatch(request, *args, **kwargs)

    def start_again(self) -> HttpResponseBase:
        """Lead to the step-up, and say why: there was none, or its time is over."""
        return self.prove_again()

    def get_retry_url(self) -> str:
        """Return the list: what is begun there can be begun again."""
        return reverse("pwdless:factors")

    def back_to_list(self) -> HttpResponseRedirect:
        """Lead to the list."""
        return HttpResponseRedirect(reverse("pwdless:factors"))


class FactorsView(AccountPageMixin, OwnFactorsView, TemplateView):
    """List them, after a step-up; without one, say why it is needed and lead there."""

    account_page = "factors"
    template_name: str = "django_pwdless/factors/list.html"
    http_method_names: Sequence[str] = ("get", "head", "options")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was listed, or the way to the step-up."""
        access = proof.current(self.request)
        return {
            **super().get_context_data(**kwargs),
            "authenticators": _described(access),
            "removable": _removable(access),
            "can_add": bool(policy.offered_factors()),
            "expires_in": access.expires_in if access else None,
            "step_up_url": None if access else self.step_up_url(),
            "has_unconfirmed_recovery_codes": RecoveryCodes.load(self.request) is not None,
        }

    def step_up_url(self) -> str | None:
        """Return the way to the step-up, which leads back to what was being added, if anything."""
        name = "factor_add" if factor_access.typed(self.request) else "factors"
        return self.universal_url(reverse(f"pwdless:{name}"), factors="1")


class FactorsRefreshView(OwnFactorsView):
    """List them afresh."""

    http_method_names: Sequence[str] = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask Auth0, and lead to the list."""
        listing.refresh(request)
        return self.back_to_list()


class FactorAddView(OwnFactorsView, MFAEnrollView):
    """Choose a factor to add, and begin; it is confirmed on the pages of the login."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what was typed: the time may be over."""
        fields = {name: request.POST.get(name, "")[:MAX_TYPED] for name in TYPED}
        factor_access.keep_typed(request, fields)
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """Show again what was typed before."""
        return factor_access.typed(self.request)

    def get_names(self) -> list[str]:
        """Return what may be added."""
        return adding.addable_factors(self.request)

    def begin(self, form: EnrollForm) -> None:
        """Begin; what is enrolled already cannot be set up."""
        try:
            adding.add(self.request, **form.cleaned_data)
        except AlreadyEnrolled as error:
            raise AuthenticatorNotFound from error

    def get_step_context(self) -> dict[str, Any]:
        """Return what there is to choose, and where to go back to."""
        return {
            "factors": [describe_factor(name) for name in self.get_names()],
            "expires_in": proof.require(self.request).expires_in,
            "change_url": reverse("pwdless:factors"),
            "is_added": True,
        }


class FactorRemoveView(AccountPageMixin, OwnFactorsView, TemplateView):
    """Ask whether to remove one; remove it."""

    account_page = "factors"
    template_name: str = "django_pwdless/factors/remove.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask; of the last one, or one that is gone, say so."""
        access = proof.require(request)
        if removing.is_gone(access, kwargs["id"]):
            return self.tell(removing.Removal("gone"))
        if access.authenticators is None:
            # The list could not be had: its page offers to try again.
            return self.back_to_list()
        item = listing.find(access, kwargs["id"])
        if must_stay(item, access.confirmed):
            return self.tell(removing.Removal("last", item))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remove it, and lead back to the list."""
        return self.tell(removing.remove(request, kwargs["id"]))

    def tell(self, removal: removing.Removal) -> HttpResponse:
        """Say what has come of it, on the list."""
        add, text = {
            "removed": (messages.success, _("Second step removed.")),
            "gone": (messages.info, _("Second step already removed.")),
            "last": (messages.error, _("This is your only second step. Add another first.")),
            "stays": (messages.error, _("We cannot remove that second step.")),
        }[removal.outcome]
        add(self.request, text, fail_silently=True)
        return self.back_to_list()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add which one is meant, and what goes along."""
        access = proof.require(self.request)
        item = listing.find(access, self.kwargs["id"])
        twin = twin_of(item, access.confirmed)
        return {
            **super().get_context_data(),
            "authenticator": describe_authenticator(item),
            "goes_along": describe_authenticator(twin) if twin else None,
        }


class FactorsDoneView(OwnFactorsView):
    """Forget the proof: whoever comes next to this browser has to give one."""

    http_method_names: Sequence[str] = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Forget it, and lead back."""
        proof.end(request)
        return self.back_to_list()


def _described(access: FactorAccess | None) -> list[Any] | None:
    if access is None or access.authenticators is None:
        return None
    return [describe_authenticator(item) for item in access.confirmed]


def _removable(access: FactorAccess | None) -> set[str]:
    """Return the ids of those that can go: not the last one, nor an address that is verified."""
    own = access.confirmed if access else []
    return {item.id for item in own if item.factor != "email" and not must_stay(item, own)}
