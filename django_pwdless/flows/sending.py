"""The first step: have Auth0 send a code, once."""

from __future__ import annotations

import logging

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from django_pwdless import ratelimits, signals
from django_pwdless.cooldown import one_send
from django_pwdless.exceptions import (
    AccessDenied,
    InvalidIdentifier,
    LimitExceeded,
    SignupDisabled,
    StepMissing,
    UserBlocked,
)
from django_pwdless.identifiers import Identifier
from django_pwdless.pending import PendingLogin
from django_pwdless.provider import get_caller, get_client

logger = logging.getLogger("django_pwdless")


def start(
    request: HttpRequest, *, identifier: Identifier, method: str, next_url: str
) -> PendingLogin:
    """Begin a login and have its message sent; return what is now pending.

    The same again within the cooldown sends nothing. Raises ``InvalidIdentifier``, and whatever
    stands between the person and the message: limits, outages, a wrong setting.
    """
    pending = PendingLogin(
        method=method,
        connection=identifier.connection,
        identifier=identifier.value,
        next_url=next_url,
    )
    before = PendingLogin.load(request)
    if before is not None and before.matches(pending) and before.resend_wait:
        before.next_url = next_url
        before.save(request)
        return before
    with one_send(request, _what(pending)) as is_first:
        if is_first:
            ratelimits.consume(request, "start", identifier=identifier)
            _send(request, pending)
        else:
            # Another request of this browser is sending it, or has just done so.
            pending.mark_sent()
            pending.save(request)
    return pending


def resend(request: HttpRequest) -> PendingLogin:
    """Send the pending login's message again.

    Raises ``StepMissing`` without a pending login, ``LimitExceeded`` within the cooldown.
    """
    pending = PendingLogin.load(request)
    if pending is None:
        raise StepMissing
    if pending.resend_wait:
        raise LimitExceeded(pending.resend_wait)
    with one_send(request, _what(pending)) as is_first:
        if not is_first:
            raise LimitExceeded(1)
        ratelimits.consume(request, "start", identifier=pending.to_identifier())
        _send(request, pending)
    return pending


def _what(pending: PendingLogin) -> str:
    return f"{pending.kind}\0{pending.method}\0{pending.to_identifier().key}"


def _send(request: HttpRequest, pending: PendingLogin) -> None:
    """Ask Auth0 to send; kept as pending also where no answer came, as it may have been sent."""
    pending.save(request)
    signals.login_started.send(sender=get_user_model(), request=request, method=pending.method)
    try:
        get_client().passwordless.start(
            pending.connection, pending.identifier, caller=get_caller(request)
        )
    except InvalidIdentifier:
        PendingLogin.clear(request)
        raise
    except (SignupDisabled, UserBlocked, AccessDenied):
        # Whoever types the identifier learns nothing about whose it is.
        logger.debug("Auth0 sends nothing to this identifier.")
    pending.mark_sent()
    pending.save(request)
