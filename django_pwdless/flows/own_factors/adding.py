"""Add a second factor afterwards: begun here, then shown and confirmed as at a login."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from django_pwdless.auth0.types import Requirements
from django_pwdless.exceptions import PwdlessError, SentJustNow, StepMissing
from django_pwdless.flows.second_factor import policy
from django_pwdless.flows.second_factor.enrollment import begin_enrollment
from django_pwdless.flows.second_factor.telling import tell_added
from django_pwdless.identifiers.methods import UNIVERSAL
from django_pwdless.limits import rates
from django_pwdless.pages.page_urls import page_url
from django_pwdless.provider import get_caller, get_client
from django_pwdless.session import factor_access
from django_pwdless.session.factor_access import FactorAccess
from django_pwdless.session.login_record import RecoveryCodes
from django_pwdless.session.pending_login import FACTOR_ADD, PendingLogin
from django_pwdless.session.pending_mfa import Challenge, PendingMFA

from . import listing, proof
from .policy import left_over


def addable_factors(request: HttpRequest) -> list[str]:
    """Return what may be added; raises ``StepMissing`` where the step-up is over or nothing may."""
    proof.require(request)
    names = policy.offered_factors()
    if not names:
        raise StepMissing
    return names


def add(request: HttpRequest, *, factor: str, phone_number: str = "", channel: str = "sms") -> None:
    """Begin an enrollment and show it; what is left over of an earlier one is cleaned up first.

    Raises as ``mfa_enrollment.enroll``, ``AlreadyEnrolled`` too, and ``StepMissing`` where the
    step-up is over.
    """
    access = proof.require(request)
    rates.consume_setup(request, "enroll", pending=access.id)
    pending = _pending(request, access)
    mfa = PendingMFA(access.token, Requirements(), expires_at=access.expires_at)
    if factor == policy.PHONE:
        _wait_for_message(request)
    with listing.unless_over(request, access):
        _clean_up(request, access)
        access.has_begun = True
        access.save(request)
        begin_enrollment(
            request, pending, mfa, factor=factor, phone_number=phone_number, channel=channel
        )


def _pending(request: HttpRequest, access: FactorAccess) -> PendingLogin:
    """Return what is begun; its tries are those of the step-up."""
    before = PendingLogin.load(request)
    return PendingLogin(
        method=UNIVERSAL,
        connection="",
        identifier="",
        next_url=page_url("factors"),
        kind=FACTOR_ADD,
        user_pk=access.user_pk,
        id=access.id,
        must_end_at=int(access.expires_at),
        wrong_tries=before.wrong_tries if before and before.id == access.id else 0,
    )


def _wait_for_message(request: HttpRequest) -> None:
    """Raise ``SentJustNow`` while the code to a number that was typed just now is waited for.

    To clean that up would make the code worthless.
    """
    with suppress(StepMissing):
        pending, mfa = PendingMFA.require(request)
        shown = mfa.challenge
        if pending.kind == FACTOR_ADD and shown and shown.can_resend and shown.resend_wait:
            raise SentJustNow(shown.resend_wait)


def _clean_up(request: HttpRequest, access: FactorAccess) -> None:
    """Delete what was begun and never confirmed; what cannot be deleted now is left."""
    if access.has_begun or access.authenticators is None:
        listing.list_afresh(request, access)
        proof.give_up(request)
    for item in left_over(access.authenticators or ()):
        with suppress(PwdlessError):
            get_client().mfa.delete_authenticator(access.token, item.id)


def confirm(request: HttpRequest, pending: PendingLogin, mfa: PendingMFA, code: str | None) -> None:
    """Confirm the shown enrollment: the person has one more second factor.

    A push notification that is asked about has no ``code``. Raises ``InvalidCode`` and what a push
    has come to.
    """
    access, shown = proof.require(request), mfa.require_challenge()
    with listing.unless_over(request, access):
        _confirm(request, access.token, shown, code)
    pending.mfa = ""
    PendingLogin.clear(request)
    factor_access.forget_typed(request)
    RecoveryCodes.keep(request, mfa.recovery_codes)
    tell_added(request, shown.factor)
    messages.success(request, _("Second step added."), fail_silently=True)
    listing.list_quietly(request, access)


def _confirm(request: HttpRequest, token: str, shown: Challenge, code: str | None) -> None:
    api, caller = get_client().mfa, get_caller(request)
    if shown.oob_code is None:
        api.confirm_app(token, code or "", caller=caller)
    else:
        api.confirm_out_of_band(token, shown.oob_code, code, caller=caller)
