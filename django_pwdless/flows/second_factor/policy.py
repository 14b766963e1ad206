"""Which second factors a person can use here, and which they may enroll."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from django_pwdless.auth0.types import Authenticator, Requirements
from django_pwdless.conf import conf

RECOVERY_CODE = "recovery-code"
PUSH = "push-notification"
PHONE = "phone"
# Auth0 lists these without anybody having enrolled them.
_AUTOMATIC = (RECOVERY_CODE, "email")


def usable_authenticators(
    authenticators: Iterable[Authenticator], requirements: Requirements
) -> list[Authenticator]:
    """Return those that the site supports and Auth0 accepts now, in the site's order."""
    if requirements.names_unknown_only:
        return []
    order = list(conf.MFA_FACTORS)
    allowed = [
        item
        for item in authenticators
        if item.factor in order
        and (not requirements.challenge or item.factor in requirements.challenge)
    ]
    return sorted(allowed, key=lambda item: order.index(item.factor))


def enrollable_factors(
    authenticators: Iterable[Authenticator], requirements: Requirements
) -> list[str]:
    """Return what may be enrolled now: where Auth0 says so, or nobody has enrolled anything.

    An ``mfa_token`` permits the first factor only.
    """
    if requirements.names_unknown_only:
        return []
    has_one = any(item.factor not in _AUTOMATIC for item in authenticators)
    if has_one and not requirements.enroll:
        return []
    wanted = requirements.enroll or offered_factors()
    return [factor for factor in offered_factors() if factor in wanted]


def offered_factors() -> list[str]:
    """Return what the site lets people enroll; a push needs a QR code."""
    return [
        factor
        for factor in conf.MFA_ENROLL_FACTORS
        if factor in conf.MFA_FACTORS and (factor != PUSH or find_spec("segno") is not None)
    ]


def must_enroll(requirements: Requirements) -> bool:
    """Whether Auth0 asks for an enrollment and names nothing to challenge."""
    return bool(requirements.enroll) and not requirements.challenge
