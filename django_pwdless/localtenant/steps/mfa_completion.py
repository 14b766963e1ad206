"""What a right answer to a second factor leads to."""

from __future__ import annotations

from typing import Any

from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.logins.authentication import LINK, Authentication
from django_pwdless.localtenant.logins.mfa_transactions import MfaTransaction
from django_pwdless.localtenant.people.authenticators import Authenticator

from .issue import issue_first_tokens

#: Enrolling the one brings the other along, as at Auth0.
BROUGHT_ALONG = {"sms": "voice", "voice": "sms", "push-notification": "otp"}


def tokens_or_mfa(call: Call, login: Authentication) -> dict[str, Any]:
    """Return the tokens of a login after its first factor, or raise ``mfa_required``."""
    person, switches = login.person, call.state.switches
    is_exempt = login.origin == LINK and not switches.mfa_for_links
    if person.mfa is None or is_exempt:
        return issue_first_tokens(call.state, login)
    call.state.mfa.require(login, person.mfa_steps, switches.mfa_required_status)


def complete(
    call: Call, transaction: MfaTransaction, authenticator: Authenticator
) -> dict[str, Any]:
    """Return the tokens after a right answer, or raise ``mfa_required`` for the next factor."""
    authenticator.last_auth = call.state.clock.now()
    if authenticator in transaction.enrolling:
        _confirm(call, transaction, authenticator)
    call.state.mfa.end(transaction)
    if transaction.steps_left > 1:
        used = transaction.used | {authenticator.id}
        steps, status = transaction.steps_left - 1, call.state.switches.mfa_required_status
        call.state.mfa.require(transaction.login, steps, status, used)
    return issue_first_tokens(call.state, transaction.login)


def _confirm(call: Call, transaction: MfaTransaction, authenticator: Authenticator) -> None:
    person = transaction.login.person
    is_first = person.mfa is None and not person.has_factor
    for enrolled in transaction.enrolling:
        if enrolled is authenticator or enrolled.factor == "recovery-code":
            enrolled.active = True
    twin = BROUGHT_ALONG.get(authenticator.factor)
    if twin and call.state.switches.paired_factors:
        person.factors.append(
            Authenticator(
                twin, authenticator.target, created_at=_now(call), twin_of=authenticator.id
            )
        )
    if person.mfa == "enroll" or is_first:
        person.mfa = "challenge"


def _now(call: Call) -> float:
    return call.state.clock.now()
