"""Putting second factors onto the phone and into the mailbox."""

from __future__ import annotations

from django_pwdless.localtenant.answers.documented_errors import CHALLENGE
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.endpoint_call import Call
from django_pwdless.localtenant.logins.challenges import Challenge
from django_pwdless.localtenant.logins.mfa_transactions import MfaTransaction
from django_pwdless.localtenant.people.authenticators import PHONES, Authenticator
from django_pwdless.localtenant.records.inbox import Message

PUSH = "push-notification"
#: Messages a person may be sent, and in how many seconds: what Auth0 documents as bursts.
SMS_LIMIT = (10, 3600)
LIMITS = {"sms": SMS_LIMIT, "voice": SMS_LIMIT, "email": (20, 1200), PUSH: (5, 60)}
SENDS = {"sms": "code", "voice": "call", "email": "code", PUSH: "push"}
CONNECTIONS = {"sms": "sms", "voice": "voice", "email": "email", PUSH: "push"}


def send_challenge(
    call: Call,
    transaction: MfaTransaction,
    authenticator: Authenticator,
    is_enrollment: bool = False,
) -> Challenge:
    """Put a code or a push for ``authenticator`` into the inbox; raise the 429 of too many."""
    _count(call, transaction, authenticator)
    _check_delivery(call, authenticator)
    code = None if authenticator.factor == PUSH else call.state.codes.draw()
    challenge = call.state.challenges.begin(transaction, authenticator, code, is_enrollment)
    call.state.inbox.deliver(_message(call, challenge))
    return challenge


def _message(call: Call, challenge: Challenge) -> Message:
    factor, target = challenge.authenticator.factor, challenge.authenticator.target
    person, is_push = challenge.transaction.login.person, factor == PUSH
    return Message(
        to=person.identifier if is_push else target or "",
        connection=CONNECTIONS[factor],
        send="scan" if is_push and challenge.is_enrollment else SENDS[factor],
        code=challenge.binding_code,
        link=None,
        sent_at=call.state.clock.now(),
        purpose="mfa",
        language=call.request.headers.get("x-request-language"),
        digits=challenge.binding_code or "",
    )


def _count(call: Call, transaction: MfaTransaction, authenticator: Authenticator) -> None:
    limits, (limit, window) = call.state.limits, LIMITS[authenticator.factor]
    kind = "sms" if authenticator.factor in PHONES else authenticator.factor
    count = limits.hit("mfa-send", kind, transaction.login.person.sub, window=window)
    if call.state.switches.mfa_limits and count.used > limit:
        raise Refusal(limits.refusal(count, limit))


def _check_delivery(call: Call, authenticator: Authenticator) -> None:
    name = call.state.switches.mfa_delivery_error
    if name:
        raise Refusal(CHALLENGE[name])
