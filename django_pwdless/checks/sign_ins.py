"""Checks of the sign-ins: who looks at them."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error

from .settings.dotted import is_listed, is_subclass
from .settings.values import about

MIDDLEWARE = "django_pwdless.middleware.SignInMiddleware"
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"


@about("SIGN_INS")
def check_middleware(is_on: bool) -> Iterator[CheckMessage]:
    """Somebody looks whether a sign-in has ended."""
    if is_on and not is_listed("MIDDLEWARE", MIDDLEWARE):
        yield Error(
            'PWDLESS["SIGN_INS"] is on, but SignInMiddleware is not in MIDDLEWARE. A sign-in that '
            "somebody ends would go on.",
            hint=f'Add "{MIDDLEWARE}" to MIDDLEWARE, after "{AUTHENTICATION}".',
            id="pwdless.E070",
        )


@about("SIGN_INS")
def check_order(is_on: bool) -> Iterator[CheckMessage]:
    """It comes after what it watches over."""
    if not is_on or not all(is_listed("MIDDLEWARE", path) for path in (MIDDLEWARE, AUTHENTICATION)):
        return
    firsts = [
        next(place for place, path in enumerate(settings.MIDDLEWARE) if is_subclass(path, base))
        for base in (AUTHENTICATION, MIDDLEWARE)
    ]
    if firsts != sorted(firsts):
        yield Error(
            "SignInMiddleware comes before AuthenticationMiddleware in MIDDLEWARE.",
            hint=f'Move "{MIDDLEWARE}" below "{AUTHENTICATION}".',
            id="pwdless.E071",
        )


@about("SIGN_INS", "BACKCHANNEL_LOGOUT")
def check_backchannel_logout(keeps: bool, listens: bool) -> Iterator[CheckMessage]:
    """There is something that Auth0 can end."""
    if listens and not keeps:
        yield Error(
            'PWDLESS["BACKCHANNEL_LOGOUT"] is on, but "SIGN_INS" is off. There is nothing to end.',
            hint='Write "SIGN_INS": True, or remove "BACKCHANNEL_LOGOUT".',
            id="pwdless.E072",
        )
