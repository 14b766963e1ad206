"""What the login page says to signed-in people whose next page wants to know that it is them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse

from django_pwdless.flows.account import confirming, identities
from django_pwdless.session.fresh_login import FRESH

from .base import PwdlessView


def confirmation_context(view: PwdlessView, next_url: str, *, is_asked_for: bool) -> dict[str, Any]:
    """Return the ways to confirm, where that is wanted, and where to go on without.

    ``is_asked_for`` where the page that led here wants a proof. No link of these leads back to the
    same question.
    """
    wants_proof, continue_url = _what_is_wanted(view, next_url, is_asked_for)
    confirmable = confirming.confirmable_identities(view.request) if wants_proof else []
    has_identity = bool(confirmable or (wants_proof and identities.own_identities(view.request)))
    # To confirm there, Auth0 must not answer for the person from an older session.
    universal_url = view.universal_url(next_url, max_age=str(FRESH) if has_identity else "")
    is_stuck = wants_proof and not confirmable and not (has_identity and universal_url)
    return {
        "wants_proof": wants_proof,
        "reconfirm": confirmable,
        "universal_url": universal_url,
        "sign_in_again_url": _sign_in_again_url(view, next_url) if is_stuck else None,
        "continue_url": continue_url or None,
    }


def _what_is_wanted(view: PwdlessView, next_url: str, is_asked_for: bool) -> tuple[bool, str]:
    """Return whether the next page wants a fresh proof, and where the person can go on without."""
    request = view.request
    if not request.user.is_authenticated:
        return False, next_url
    own_list = reverse("pwdless:identities")
    is_own_page = urlsplit(next_url).path in (own_list, reverse("pwdless:identity_add"))
    if is_own_page and confirming.needs_proof(request):
        # The list itself is for anybody who is signed in.
        return True, own_list
    return (True, "") if is_asked_for else (False, next_url)


def _sign_in_again_url(view: PwdlessView, next_url: str) -> str:
    """Return where the site's people sign in, with a password maybe; here where that is nowhere."""
    with suppress(NoReverseMatch):
        login_url = resolve_url(settings.LOGIN_URL)
        return redirect_to_login(next_url, login_url, view.redirect_field_name).url
    return view.login_url(next_url)
