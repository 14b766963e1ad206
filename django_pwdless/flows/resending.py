"""Send the current step's message again, whichever step that is."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from django.http import HttpRequest

from django_pwdless.identifiers.methods import EMAIL_CODE, EMAIL_LINK
from django_pwdless.session.pending_login import FACTOR_ADD, PendingLogin

from . import sending
from .own_factors import listing, proof
from .second_factor import enrollment


def resend(request: HttpRequest, *, method: str = "") -> PendingLogin:
    """Send it and return what is pending then.

    ``method`` may ask for a code in place of a link. Raises ``StepMissing`` where no message
    belongs to the step, ``SentJustNow`` within the cooldown, and whatever stands between.
    """
    pending = PendingLogin.require(request)
    if pending.mfa:
        enrollment.resend(request, _unless_over(request, pending))
        return PendingLogin.require(request)
    if method == EMAIL_CODE and pending.method == EMAIL_LINK:
        return sending.send_code_instead(request)
    return sending.resend(request)


def _unless_over(request: HttpRequest, pending: PendingLogin) -> AbstractContextManager[None]:
    """End the step-up too, where it is its token that Auth0 takes no more."""
    if pending.kind != FACTOR_ADD:
        return nullcontext()
    return listing.unless_over(request, proof.require(request))
