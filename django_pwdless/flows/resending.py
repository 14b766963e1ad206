"""Send the current step's message again, whichever step that is."""

from __future__ import annotations

from django.http import HttpRequest

from django_pwdless.identifiers.methods import EMAIL_CODE, EMAIL_LINK
from django_pwdless.session.pending_login import PendingLogin

from . import sending
from .second_factor import enrollment


def resend(request: HttpRequest, *, method: str = "") -> PendingLogin:
    """Send it and return what is pending then.

    ``method`` may ask for a code in place of a link. Raises ``StepMissing`` where no message
    belongs to the step, ``SentJustNow`` within the cooldown, and whatever stands between.
    """
    pending = PendingLogin.require(request)
    if pending.mfa:
        enrollment.resend(request)
        return PendingLogin.require(request)
    if method == EMAIL_CODE and pending.method == EMAIL_LINK:
        return sending.send_code_instead(request)
    return sending.resend(request)
