"""The second factor: choose or enroll one, answer it, wait for a push, keep recovery codes."""

from __future__ import annotations

from django_pwdless.exceptions import (
    AuthenticatorNotFound,
    InvalidCode,
    InvalidIdentifier,
    StepMissing,
)
from django_pwdless.flows.answer import verify_factor
from django_pwdless.flows.push import poll_push
from django_pwdless.flows.second_factor import choice, enrollment
from django_pwdless.forms import EnrollForm, factor_form
from django_pwdless.headless.call import REACHED, STAYED, Call, Reply
from django_pwdless.headless.problems import invalid_form, wrong_code
from django_pwdless.limits.rates import tries_of
from django_pwdless.pages.owner_log import tell_owner
from django_pwdless.pages.problems import problem_from
from django_pwdless.session.login_record import RecoveryCodes
from django_pwdless.session.pending_mfa import POLL_INTERVAL, PendingMFA
from django_pwdless.session.web_session import check_session_stands


def choose(call: Call) -> Reply:
    """Challenge an authenticator; without one, list them afresh."""
    if "authenticator" in call.data:
        choice.choose(call.request, call.data["authenticator"])
    else:
        choice.relist(call.request)
    return REACHED


def answer(call: Call) -> Reply:
    """Take the code of the chosen or newly enrolled authenticator."""
    pending, mfa = PendingMFA.require(call.request)
    form = factor_form(mfa.require_challenge().factor)(call.data)
    if not form.is_valid():
        raise invalid_form(form)
    try:
        verify_factor(call.request, pending, mfa, form.cleaned_data["code"])
    except InvalidCode as error:
        tries_left = tries_of("mfa", pending.wrong_tries)
        source = mfa.require_challenge().factor
        raise wrong_code(form, error, source=source, tries_left=tries_left) from None
    return REACHED


def poll(call: Call) -> Reply:
    """Say what a push notification has come to; ``outcome`` why it did not let the person in."""
    try:
        came, _pending = poll_push(call.request)
        check_session_stands(call.request)
    except StepMissing:
        return Reply({"status": "expired", "interval": POLL_INTERVAL, "outcome": None})
    tell_owner(came.error)
    is_over = came.status == "rejected" and came.error is not None
    outcome = problem_from(came.error).outcome if is_over and came.error else None
    members = {"status": came.status, "interval": came.interval, "outcome": outcome}
    return Reply(members, shows_secrets=came.status == "approved")


def enroll(call: Call) -> Reply:
    """Begin to set up a factor."""
    factors = enrollment.enrollable_factors(call.request)
    form = EnrollForm(call.data, factors=factors)
    if not form.is_valid():
        raise invalid_form(form)
    try:
        enrollment.enroll(call.request, **form.cleaned_data)
    except InvalidIdentifier:
        form.refuse_number()
        raise invalid_form(form) from None
    except AuthenticatorNotFound:
        form.refuse_factor()
        raise invalid_form(form) from None
    return REACHED


def confirm_recovery_codes(call: Call) -> Reply:
    """The person has saved them: forget them."""
    if RecoveryCodes.load(call.request) is None:
        raise StepMissing
    RecoveryCodes.confirm(call.request)
    return STAYED
