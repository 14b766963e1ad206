"""The MFA grants of /oauth/token: authenticator app, out of band, recovery code."""

from __future__ import annotations

from typing import Any

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.logins.challenges import APPROVED, DENIED, PENDING, Challenge
from django_pwdless.localtenant.logins.mfa_transactions import MfaTransaction
from django_pwdless.localtenant.people.authenticators import new_recovery_code
from django_pwdless.localtenant.people.totp import matching_step
from django_pwdless.localtenant.steps.mfa_completion import complete

FAILURES = 10
HOUR = 3600
POLLS = 12


def otp(call: Call, client: Client) -> dict[str, Any]:
    """Return tokens for the code of an authenticator app (``mfa-otp``)."""
    transaction = call.state.mfa.find(call.require("mfa_token"), client)
    code = call.require("otp")
    _check_failures(call, transaction, "otp")
    candidates = [*transaction.active, *transaction.enrolling]
    for authenticator in candidates:
        secret = authenticator.secret if authenticator.factor == "otp" else None
        step = secret and matching_step(
            secret, code, call.state.clock.now(), authenticator.used_step
        )
        if step:
            authenticator.used_step = step
            return complete(call, transaction, authenticator)
    raise Refusal(_failed(call, transaction, "otp", "wrong_otp"))


def recovery_code(call: Call, client: Client) -> dict[str, Any]:
    """Return tokens and a new recovery code for the old one (``mfa-recovery-code``)."""
    transaction = call.state.mfa.find(call.require("mfa_token"), client)
    given = call.require("recovery_code")
    _check_failures(call, transaction, "recovery")
    for authenticator in transaction.active:
        if authenticator.factor == "recovery-code" and authenticator.secret == given:
            authenticator.secret = new_recovery_code()
            tokens = complete(call, transaction, authenticator)
            return {**tokens, "recovery_code": authenticator.secret}
    raise Refusal(_failed(call, transaction, "recovery", "wrong_recovery_code"))


def oob(call: Call, client: Client) -> dict[str, Any]:
    """Return tokens for what was sent: its code, or a push that was approved (``mfa-oob``)."""
    transaction = call.state.mfa.find(call.require("mfa_token"), client)
    challenge = call.state.challenges.find(call.require("oob_code"), transaction)
    if challenge is None:
        raise Refusal(TOKEN["malformed_oob_code"])
    _count_exchange(call, transaction, challenge)
    if challenge.binding_code is None:
        _check_push(call, challenge)
    elif not _fits(call, challenge):
        raise Refusal(TOKEN["wrong_binding_code"])
    call.state.challenges.end(challenge)
    return complete(call, transaction, challenge.authenticator)


def _fits(call: Call, challenge: Challenge) -> bool:
    is_expired = call.state.challenges.is_expired(challenge)
    return call.require("binding_code") == challenge.binding_code and not is_expired


def _check_push(call: Call, challenge: Challenge) -> None:
    """Raise what a poll is answered with while, or unless, the push is approved."""
    if call.state.challenges.is_expired(challenge):
        raise Refusal(TOKEN["expired_push"])
    switches = call.state.switches
    challenge.polls += 1
    if challenge.answer == PENDING and challenge.polls > switches.push_pending:
        challenge.answer = {"approve": APPROVED, "deny": DENIED}.get(
            switches.push_answer or "", PENDING
        )
    if challenge.answer == PENDING:
        raise Refusal(TOKEN["authorization_pending"])
    if challenge.answer == DENIED:
        raise Refusal(TOKEN[switches.push_denial])


def _count_exchange(call: Call, transaction: MfaTransaction, challenge: Challenge) -> None:
    count = call.state.limits.hit("mfa-oob", transaction.token, window=60)
    if not call.state.switches.mfa_limits or count.used <= POLLS:
        return
    if challenge.binding_code is None:
        raise Refusal(TOKEN["slow_down"])
    raise Refusal(call.state.limits.refusal(count, POLLS))


def _check_failures(call: Call, transaction: MfaTransaction, kind: str) -> None:
    used = call.state.limits.used("mfa-failures", kind, transaction.login.person.sub)
    if call.state.switches.mfa_limits and used >= FAILURES:
        raise Refusal(TOKEN["too_many_attempts"])


def _failed(call: Call, transaction: MfaTransaction, kind: str, name: str) -> Any:
    call.state.limits.hit("mfa-failures", kind, transaction.login.person.sub, window=HOUR)
    return TOKEN[name]
