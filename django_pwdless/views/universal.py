"""On to Universal Login."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from django_pwdless.conf import conf
from django_pwdless.flows import universal
from django_pwdless.identifiers.methods import UNIVERSAL
from django_pwdless.session.web_session import own_user_pk

from .base import PwdlessView

# A longer time says nothing; this bounds what a stranger can put into the address.
MAX_AGE_LIMIT = 10**9


class UniversalLoginView(PwdlessView):
    """Lead to Auth0's own pages; a plain link, as a form may lead to this site only."""

    only_for: ClassVar[tuple[str, ...]] = (UNIVERSAL,)
    http_method_names: Sequence[str] = ("get", "options")
    changes_by_get: ClassVar[bool] = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remember a state, and redirect."""
        wants_factors = conf.FACTORS_PAGE and request.GET.get("factors") == "1"
        if wants_factors and own_user_pk(request) is None:
            return HttpResponseRedirect(self.login_url(reverse("pwdless:factors")))
        address = universal.begin_universal_login(
            request,
            next_url=self.get_redirect_url(),
            method=request.GET.get("method", ""),
            wants_mfa=request.GET.get("mfa") == "1",
            max_age=_seconds(request.GET.get("max_age", "")),
            wants_factors=wants_factors,
        )
        return HttpResponseRedirect(address)


def _seconds(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= 10
    return min(int(text), MAX_AGE_LIMIT) if is_number else None
