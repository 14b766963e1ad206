"""When Auth0 asks for a second factor: list the authenticators, choose one, challenge it."""

from __future__ import annotations

import time
from contextlib import suppress

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from django_pwdless import signals
from django_pwdless.auth0.types import Authenticator, Requirements
from django_pwdless.events.outcome import MESSAGE_SENT, MFA_STARTED, Outcome
from django_pwdless.events.telling import tell
from django_pwdless.exceptions import (
    AuthenticatorNotFound,
    EnrollmentRequired,
    LoginRefused,
    MFARequired,
    SentJustNow,
)
from django_pwdless.flows.attempts import attempt
from django_pwdless.identifiers.identifier import identifier_of
from django_pwdless.limits import rates
from django_pwdless.limits.cooldown import one_send, sent_by_another
from django_pwdless.provider import get_caller, get_client
from django_pwdless.session.pending_login import PendingLogin
from django_pwdless.session.pending_mfa import Challenge, PendingMFA
from django_pwdless.session.web_session import renew_session_key

from . import policy


def begin_second_factor(
    request: HttpRequest,
    pending: PendingLogin,
    required: MFARequired,
    *,
    nonce: str | None,
    max_age: int | None,
) -> None:
    """Keep the ``mfa_token`` under a new session key, then list, and challenge the obvious one.

    A chained requirement comes here again; tries are counted on, and recovery codes kept.
    ``nonce`` and ``max_age`` are what the ID token must still answer to.
    """
    codes = []
    if pending.mfa:
        codes = PendingMFA.require(request)[1].recovery_codes
    else:
        who = identifier_of(pending.identifier)
        tell(Outcome(MFA_STARTED, request, pending.method, identifier=who))
        signals.mfa_started.send(sender=get_user_model(), request=request)
        pending.wrong_tries = 0
    renew_session_key(request)
    requirements = Requirements.from_wire(required.requirements)
    mfa = PendingMFA(
        required.mfa_token,
        requirements,
        recovery_codes=codes,
        nonce=nonce,
        max_age=max_age,
    )
    pending.extend()
    mfa.save(request, pending)
    list_authenticators(request, pending, mfa)


def list_authenticators(request: HttpRequest, pending: PendingLogin, mfa: PendingMFA) -> None:
    """List what the person has; in a POST, challenge it where only one thing can be meant.

    Raises ``LoginRefused("mfa")`` where nothing can be used or enrolled here. Where listing or
    challenging fails, the ``mfa_token`` is kept and the list can be asked for again.
    """
    mfa.current = None
    mfa.authenticators = list(get_client().mfa.list_authenticators(mfa.mfa_token))
    mfa.save(request, pending)
    if _has_no_choice(mfa) and not comes_to_enroll(mfa):
        raise LoginRefused("mfa")
    obvious = _obvious_choice(usable_authenticators(mfa))
    if obvious is not None and not _has_no_choice(mfa) and request.method == "POST":
        # Gone since it was listed: the person chooses among the others.
        with suppress(AuthenticatorNotFound):
            challenge(request, pending, mfa, obvious)


def relist(request: HttpRequest) -> None:
    """List afresh what the person has: the retry; raises as ``list_authenticators``."""
    pending, mfa = PendingMFA.of_login(request)
    rates.consume_setup(request, "list", pending=pending.id)
    with attempt(request, pending):
        list_authenticators(request, pending, mfa)


def usable_authenticators(mfa: PendingMFA) -> list[Authenticator]:
    """Return the authenticators to choose from, best first."""
    return policy.usable_authenticators(mfa.authenticators or (), mfa.requirements)


def comes_to_enroll(mfa: PendingMFA) -> bool:
    """Whether the person enrolls a factor: there is none to choose, or Auth0 wants it."""
    factors = policy.enrollable_factors(mfa.authenticators or (), mfa.requirements)
    return mfa.authenticators is not None and bool(factors) and _has_no_choice(mfa)


def _obvious_choice(usable: list[Authenticator]) -> Authenticator | None:
    """Return the one usable authenticator beside the recovery code; None where there are more."""
    others = [item for item in usable if item.factor != policy.RECOVERY_CODE]
    return others[0] if len(others) == 1 else None


def _has_no_choice(mfa: PendingMFA) -> bool:
    """Whether there is nothing to choose from, or Auth0 wants an enrollment."""
    return policy.must_enroll(mfa.requirements) or not usable_authenticators(mfa)


def choose(request: HttpRequest, authenticator_id: str) -> None:
    """Challenge the authenticator of this id.

    Raises ``AuthenticatorNotFound`` for an id that was not in the list, or is gone meanwhile.
    """
    pending, mfa = PendingMFA.of_login(request)
    usable = {item.id: item for item in usable_authenticators(mfa)}
    if authenticator_id not in usable:
        raise AuthenticatorNotFound
    with attempt(request, pending):
        challenge(request, pending, mfa, usable[authenticator_id])


def challenge(
    request: HttpRequest, pending: PendingLogin, mfa: PendingMFA, chosen: Authenticator
) -> None:
    """Show this authenticator's challenge; a message goes out once a cooldown.

    Raises ``SentJustNow`` within it where the message cannot be answered any more, and as
    ``send_challenge``.
    """
    shown = mfa.challenges.get(chosen.id)
    shown = shown or Challenge(chosen.id, chosen.factor, chosen.channel or "", chosen.name)
    is_sent = chosen.factor not in ("otp", policy.RECOVERY_CODE)
    if is_sent and (shown.oob_code is None or not shown.resend_wait):
        if shown.resend_wait:
            raise SentJustNow(shown.resend_wait)
        send_challenge(request, pending, mfa, shown)
    mfa.show(shown)
    mfa.save(request, pending)


def send_challenge(
    request: HttpRequest, pending: PendingLogin, mfa: PendingMFA, shown: Challenge
) -> None:
    """Have Auth0 send a code or notification; of two clicks at once, one does.

    Raises ``SentJustNow`` for the other one, and ``AuthenticatorNotFound`` where it is gone.
    """
    with one_send(request, f"mfa\0{mfa.mfa_token}\0{shown.authenticator}") as is_first:
        if not is_first:
            raise sent_by_another()
        rates.consume(request, "start", authenticator=shown.authenticator)
        caller = get_caller(request)
        try:
            answer = get_client().mfa.challenge(mfa.mfa_token, shown.authenticator, caller=caller)
        except (AuthenticatorNotFound, EnrollmentRequired):
            gone = shown.authenticator
            mfa.authenticators = [it for it in mfa.authenticators or () if it.id != gone]
            mfa.current = None
            mfa.save(request, pending)
            raise AuthenticatorNotFound from None
    who = identifier_of(pending.identifier)
    tell(Outcome(MESSAGE_SENT, request, shown.factor, identifier=who))
    shown.oob_code, shown.needs_code = answer.oob_code, answer.needs_code
    shown.sent_at = shown.last_call_at = time.time()
