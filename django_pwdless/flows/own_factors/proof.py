"""The proof that somebody changes their second factors with, for as long as it holds."""

from __future__ import annotations

from django.http import HttpRequest

from django_pwdless.exceptions import StepMissing
from django_pwdless.identities.accounts import rows
from django_pwdless.session.factor_access import FactorAccess
from django_pwdless.session.pending_login import FACTOR_ADD, PendingLogin


def current(request: HttpRequest) -> FactorAccess | None:
    """Return that of the person who asks; None without one, and where its identity is not theirs.

    Whoever has removed the identity that they proved, has no more to do with its factors.
    """
    access = FactorAccess.load(request)
    if access is None:
        return None
    if not rows().filter(user_id=access.user_pk, digest=access.identity).exists():
        end(request)
        return None
    return access


def require(request: HttpRequest) -> FactorAccess:
    """Return it; raises ``StepMissing`` without it."""
    access = current(request)
    if access is None:
        raise StepMissing
    return access


def end(request: HttpRequest) -> None:
    """Forget it, and what was begun with it."""
    FactorAccess.forget(request)
    give_up(request)


def give_up(request: HttpRequest) -> None:
    """Forget the enrollment that was begun, if any."""
    pending = PendingLogin.load(request)
    if pending is not None and pending.kind == FACTOR_ADD:
        PendingLogin.clear(request)
