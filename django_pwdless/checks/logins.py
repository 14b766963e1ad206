"""Checks of settings that each are right, and together keep people from signing in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Warning
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve
from django.utils import translation

from .settings.dotted import is_subclass, load
from .settings.values import REDIRECT_METHODS, about
from .site.project import BACKEND, has_urls

REDIRECTS = {
    "LOGIN_URL": "pwdless.W065",
    "LOGIN_REDIRECT_URL": "pwdless.W064",
    "LOGOUT_REDIRECT_URL": "pwdless.W066",
}


@about("LINK_NONCE")
def check_link_nonce(is_on: bool) -> Iterator[CheckMessage]:
    """Magic links are tied to the browser that asked."""
    if not is_on:
        yield Warning(
            'PWDLESS["LINK_NONCE"] is False. The ID token of a magic link is not tied to the '
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
            'SESSION_COOKIE_SAMESITE is "Strict". The browser sends no session cookie when people '
            "come back from a magic link or Universal Login.",
            hint='Write SESSION_COOKIE_SAMESITE = "Lax", or remove "email-link" and "universal" '
            'from PWDLESS["METHODS"].',
            id="pwdless.W061",
        )


@about("CREATE_USERS", "LINK_BY_VERIFIED_EMAIL")
def check_new_people(creates: bool, links: bool) -> Iterator[CheckMessage]:
    """A first login has a way to a user."""
    if not creates and not links:
        yield Warning(
            'PWDLESS["CREATE_USERS"] and PWDLESS["LINK_BY_VERIFIED_EMAIL"] are both off. Nobody '
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
def check_redirects() -> Iterator[CheckMessage]:
    """Where Django and we lead people exists: to sign in, after it, and after they signed out."""
    for name, number in REDIRECTS.items():
        target = getattr(settings, name, None)
        is_unset = name == "LOGOUT_REDIRECT_URL" and not target
        # Without our URLs, which is another mistake, there is no page to sign in at.
        is_moot = name == "LOGIN_URL" and not has_urls()
        if not is_unset and not is_moot and not leads_somewhere(target):
            yield Warning(
                f"{name} leads to no page.",
                hint="Write the name of a view, or the path of a page, of your URLconf: "
                f'{name} = "{"pwdless:login" if name == "LOGIN_URL" else "home"}".',
                id=number,
            )


def own_create_user() -> bool:
    """Whether the site's own backend makes its users."""
    ours = load(BACKEND)
    listed = [path for path in settings.AUTHENTICATION_BACKENDS if is_subclass(path, BACKEND)]
    return bool(listed) and load(listed[0]).create_user is not ours.create_user


def refusing_fields(methods: Sequence[str]) -> Iterator[Any]:
    """Yield the user model's fields whose default no new user can have, or only one."""
    model: Any = get_user_model()
    filled = {model.USERNAME_FIELD, "password", model.get_email_field_name()}
    if "sms-code" in methods:
        # Auth0 verifies the address of whoever comes by email; who comes by phone has none.
        filled.remove(model.get_email_field_name())
    for field in model._meta.concrete_fields:
        fills_itself = field.primary_key or field.null or is_automatic(field)
        if field.name not in filled and not fills_itself:
            is_made = field.has_default() and callable(field.default)
            if field.get_default() is None or (field.unique and not is_made):
                yield field


def is_automatic(field: Any) -> bool:
    """Whether the field or the database finds its value when a user is saved."""
    names = ("auto_now", "auto_now_add", "generated")
    has_own = any(getattr(field, name, False) for name in names)
    return has_own or field.has_db_default()


@about("METHODS", "CREATE_USERS")
def check_user_fields(methods: Sequence[str], creates: bool) -> Iterator[CheckMessage]:
    """A first login can be saved, the second person's too."""
    try:
        fields = [] if not creates or own_create_user() else list(refusing_fields(methods))
    except Exception:  # a user model or backend that cannot be loaded is not ours to report
        return
    if fields:
        names = ", ".join(field.name for field in fields)
        yield Warning(
            f"A first login sets no value for these fields of the user model: {names}. Each user "
            "needs a value there, so new people are refused.",
            hint="Write null=True for the fields, or fill them in a create_user of your own "
            "backend; or, if the model fills them when it is saved, add the id of this check to "
            "SILENCED_SYSTEM_CHECKS.",
            id="pwdless.W067",
        )
