"""Enroll a second factor, at a login or afterwards; confirmed like a challenge."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager

from django.http import HttpRequest

from django_pwdless.auth0.types import Enrollment, Requirements
from django_pwdless.events.outcome import MESSAGE_SENT, Outcome
from django_pwdless.events.telling import tell
from django_pwdless.exceptions import (
    AlreadyEnrolled,
    AuthenticatorNotFound,
    InvalidIdentifier,
    SentJustNow,
    StepMissing,
)
from django_pwdless.flows.attempts import attempt
from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.limits import rates
from django_pwdless.limits.cooldown import one_send, sent_by_another
from django_pwdless.pages.owner_log import tell_owner_of_factor
from django_pwdless.provider import get_caller, get_client
from django_pwdless.session.pending_login import FACTOR_ADD, PendingLogin
from django_pwdless.session.pending_mfa import ENROLLMENT, Challenge, PendingMFA

from . import policy
from .choice import list_authenticators, send_challenge


def enrollable_factors(request: HttpRequest) -> list[str]:
    """Return what may be enrolled now; raises ``StepMissing`` where nothing may."""
    _pending, mfa = PendingMFA.of_login(request)
    factors = policy.enrollable_factors(mfa.authenticators or (), mfa.requirements)
    if mfa.authenticators is None or not factors:
        raise StepMissing
    return factors


def enroll(
    request: HttpRequest, *, factor: str, phone_number: str = "", channel: str = "sms"
) -> None:
    """Begin an enrollment and show it; list afresh where the person has a factor after all.

    ``phone_number`` (E.164) and ``channel`` (``sms`` or ``voice``) belong to ``phone``. Raises
    ``InvalidIdentifier`` for a number Auth0 does not take, and whatever stands between.
    """
    pending, mfa = PendingMFA.of_login(request)
    rates.consume_setup(request, "enroll", pending=pending.id)
    try:
        begin_enrollment(
            request, pending, mfa, factor=factor, phone_number=phone_number, channel=channel
        )
    except AlreadyEnrolled:
        _list_after_all(request, pending, mfa)


def begin_enrollment(
    request: HttpRequest,
    pending: PendingLogin,
    mfa: PendingMFA,
    *,
    factor: str,
    phone_number: str,
    channel: str,
) -> None:
    """Begin an enrollment and show it; raises ``AlreadyEnrolled`` too."""
    shown = Challenge(ENROLLMENT, factor, phone_number=phone_number)
    if factor == policy.PHONE:
        shown.channel, shown.hint = channel, f"•••\N{NO-BREAK SPACE}{phone_number[-2:]}"
    with attempt(request, pending):
        _begin(request, pending, mfa, shown)
    mfa.show(shown)
    mfa.save(request, pending)


def resend(request: HttpRequest, within: AbstractContextManager[None]) -> None:
    """Send the message of the shown challenge or enrollment again; Auth0 is asked ``within``.

    Raises ``StepMissing`` where it has none, ``SentJustNow`` within the cooldown,
    ``AuthenticatorNotFound`` where that way is gone.
    """
    pending, mfa = PendingMFA.require(request)
    shown = mfa.require_challenge()
    if not shown.can_resend:
        raise StepMissing
    if shown.resend_wait:
        raise SentJustNow(shown.resend_wait)
    try:
        with attempt(request, pending), within:
            (_begin if shown.is_enrollment else send_challenge)(request, pending, mfa, shown)
    except (InvalidIdentifier, AuthenticatorNotFound) as error:
        mfa.current = None
        mfa.save(request, pending)
        raise AuthenticatorNotFound from error
    except AlreadyEnrolled as error:
        if pending.kind == FACTOR_ADD:
            raise AuthenticatorNotFound from error
        _list_after_all(request, pending, mfa)
    else:
        mfa.save(request, pending)


def _list_after_all(request: HttpRequest, pending: PendingLogin, mfa: PendingMFA) -> None:
    """The person has a second factor: list it, whatever Auth0 asked for before."""
    mfa.requirements = Requirements(mfa.requirements.challenge)
    with attempt(request, pending):
        list_authenticators(request, pending, mfa)


def _begin(request: HttpRequest, pending: PendingLogin, mfa: PendingMFA, shown: Challenge) -> None:
    """Ask Auth0; one number, whichever, is texted or called once a cooldown."""
    with one_send(request, f"enroll\0{mfa.mfa_token}\0{shown.factor}") as is_first:
        if not is_first and shown.factor == policy.PHONE:
            raise sent_by_another()
        if shown.factor == policy.PHONE:
            # Typed by whoever enrolls: what is sent there counts as the first step's messages do.
            rates.consume(request, "start", identifier=Identifier("sms", shown.phone_number))
        try:
            answer = _associate(request, mfa.mfa_token, shown)
        except AuthenticatorNotFound:
            tell_owner_of_factor(shown.factor)
            raise
    shown.oob_code, shown.needs_code = answer.oob_code, answer.needs_code
    shown.secret, shown.barcode_uri = answer.secret, answer.barcode_uri
    shown.last_call_at = time.time()
    if shown.factor == policy.PHONE:
        shown.sent_at = shown.last_call_at
        number = Identifier("sms", shown.phone_number)
        tell(Outcome(MESSAGE_SENT, request, shown.factor, identifier=number))
    mfa.recovery_codes = list(answer.recovery_codes) or mfa.recovery_codes


def _associate(request: HttpRequest, mfa_token: str, shown: Challenge) -> Enrollment:
    api, caller = get_client().mfa, get_caller(request)
    if shown.factor == policy.PUSH:
        return api.enroll_push(mfa_token, caller=caller)
    if shown.factor == policy.PHONE:
        return api.enroll_phone(mfa_token, shown.phone_number, shown.channel, caller=caller)
    return api.enroll_app(mfa_token, caller=caller)
