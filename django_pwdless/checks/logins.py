"""Checks of settings that each are right, and together keep people from signing in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve
from django.utils import translation

from .values import REDIRECT_METHODS, about


@about("LINK_NONCE")
def check_link_nonce(is_on: bool) -> Iterator[CheckMessage]:
    """Magic links are tied to the browser that asked."""
    if not is_on:
        yield Warning(
            'PWDLESS["LINK_NONCE"] is False: the ID token of a magic link is not tied to the '
            "browser that asked for the link.",
            hint='Remove "LINK_NONCE", unless your tenant does not return the nonce.',
            id="pwdless.W060",
        )


@about("METHODS")
def check_samesite(methods: Sequence[str]) -> Iterator[CheckMessage]:
    """The session cookie comes along when Auth0 sends people back."""
    policy = getattr(settings, "SESSION_COOKIE_SAMESITE", None)
    is_strict = isinstance(policy, str) and policy.lower() == "strict"
    if is_strict and set(methods).intersection(REDIRECT_METHODS):
        yield Warning(
            'SESSION_COOKIE_SAMESITE is "Strict": the browser sends no session when people come '
            "back from a magic link or Universal Login.",
            hint='Write SESSION_COOKIE_SAMESITE = "Lax", or remove "email-link" and "universal" '
            'from PWDLESS["METHODS"].',
            id="pwdless.W061",
        )


@about("CREATE_USERS", "LINK_BY_VERIFIED_EMAIL")
def check_new_people(creates: bool, links: bool) -> Iterator[CheckMessage]:
    """A first login has a way to a user."""
    if not creates and not links:
        yield Warning(
            'PWDLESS["CREATE_USERS"] and PWDLESS["LINK_BY_VERIFIED_EMAIL"] are both off: nobody '
            "can sign in for the first time.",
            hint='Write "LINK_BY_VERIFIED_EMAIL": True to let in the users you have, or '
            '"CREATE_USERS": True; or, if your backend finds users itself, add the id '
            "of this check to SILENCED_SYSTEM_CHECKS.",
            id="pwdless.W062",
        )


@about("CUSTOMIZE_MFA", "MFA_ENROLL_FACTORS")
def check_qr_codes(customizes: bool, factors: Sequence[str]) -> Iterator[CheckMessage]:
    """What draws QR codes is installed where people scan one."""
    if not customizes or not {"otp", "push-notification"}.intersection(factors):
        return
    try:
        import_module("segno")
    except ImportError:
        yield Warning(
            'Without the package segno, people who add "otp" get no QR code but a link and a '
            'secret to type, and "push-notification" is not offered.',
            hint='Install it: python -m pip install segno (it comes with the extra "qr").',
            id="pwdless.W063",
        )


def is_page(path: str) -> bool:
    """Whether a view answers at this path, in the language that the path may begin with."""
    language = translation.get_language_from_path(path) or translation.get_language()
    for context in (nullcontext(), translation.override(language)):
        with context, suppress(Resolver404):
            resolve(path)
            return True
    return False


def leads_somewhere(target: Any) -> bool:
    """Whether a URL, path or view name leads to a page; True for what is outside this site."""
    try:
        url = urlsplit(resolve_url(target))
        prefix = get_script_prefix()
        if url.scheme or url.netloc or not url.path.startswith(prefix):
            return bool(url.netloc) or url.path.startswith("/")
        path = f"/{url.path.removeprefix(prefix)}"
        return is_page(path) or (settings.APPEND_SLASH and is_page(f"{path}/"))
    except (NoReverseMatch, TypeError, ValueError):
        return False
    except Exception:  # a URLconf that cannot be imported is Django's to report
        return True


@about()
def check_login_redirect_url() -> Iterator[CheckMessage]:
    """Where people go after login exists; Django's own default is left alone."""
    target = getattr(settings, "LOGIN_REDIRECT_URL", None)
    is_chosen = settings.is_overridden("LOGIN_REDIRECT_URL")  # type: ignore[misc]
    if is_chosen and not leads_somewhere(target):
        yield Warning(
            "LOGIN_REDIRECT_URL leads to no page.",
            hint="Write the name of a view, or the path of a page, of your URLconf: "
            'LOGIN_REDIRECT_URL = "home".',
            id="pwdless.W064",
        )
