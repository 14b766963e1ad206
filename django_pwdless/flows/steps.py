"""Which step a sign-in has come to, by name; a front end says where that step is shown."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from django.http import HttpRequest

from django_pwdless.exceptions import StepMissing
from django_pwdless.identifiers.methods import EMAIL_LINK
from django_pwdless.session.login_record import RecoveryCodes
from django_pwdless.session.pending_login import PendingLogin
from django_pwdless.session.pending_mfa import PendingMFA

from .second_factor.choice import comes_to_enroll

IDENTIFY = "identify"
CODE = "code"
LINK = "link"
CHOOSE_FACTOR = "choose_factor"
ENROLL_FACTOR = "enroll_factor"
ANSWER_FACTOR = "answer_factor"
WAIT_FOR_PUSH = "wait_for_push"
RECOVERY_CODES = "recovery_codes"
SIGNED_IN = "signed_in"


class Place(NamedTuple):
    """The step that a session has come to, with what is pending there."""

    step: str
    pending: PendingLogin | None = None
    mfa: PendingMFA | None = None


def current_place(request: HttpRequest) -> Place:
    """Return where the session is, also where no login is pending.

    One whose message could not be sent begins again at the first step.
    """
    pending = PendingLogin.load(request)
    if pending is not None and pending.mfa:
        with suppress(StepMissing):
            mfa = PendingMFA.of(request, pending)
            return Place(_mfa_step(mfa), pending, mfa)
        # Its time is over.
        pending = None
    if pending is not None and pending.sent_at is not None:
        return Place(step_of(request, pending), pending)
    if RecoveryCodes.load(request) is not None:
        return Place(RECOVERY_CODES, pending)
    return Place(SIGNED_IN if request.user.is_authenticated else IDENTIFY, pending)


def step_of(request: HttpRequest, pending: PendingLogin) -> str:
    """Return the step that a pending login waits at."""
    if not pending.mfa:
        return LINK if pending.method == EMAIL_LINK else CODE
    try:
        mfa = PendingMFA.of(request, pending)
    except StepMissing:
        return CHOOSE_FACTOR
    return _mfa_step(mfa)


def _mfa_step(mfa: PendingMFA) -> str:
    if mfa.challenge is None:
        return choice_step(mfa)
    return ANSWER_FACTOR if mfa.challenge.needs_code else WAIT_FOR_PUSH


def choice_step(mfa: PendingMFA) -> str:
    """Return the step where a factor is chosen: one to use, or one to enroll."""
    return ENROLL_FACTOR if comes_to_enroll(mfa) else CHOOSE_FACTOR


def step_after(request: HttpRequest, pending: PendingLogin) -> str:
    """Return the step after a proof that was taken: a second factor, or what a login ends with."""
    if pending.mfa:
        return step_of(request, pending)
    return SIGNED_IN if RecoveryCodes.load(request) is None else RECOVERY_CODES
