"""The second step: a typed code."""

from __future__ import annotations

from django.http import HttpRequest

from django_pwdless import ratelimits
from django_pwdless.conf import conf
from django_pwdless.exceptions import CodeExhausted, InvalidCode, StepMissing, UserBlocked
from django_pwdless.pending import PendingLogin
from django_pwdless.provider import get_caller, get_client, get_scope

from .attempts import attempt
from .completion import complete


def verify_code(request: HttpRequest, code: str) -> PendingLogin:
    """Exchange the code of the pending login and sign the person in; return what was pending.

    Raises ``StepMissing``, ``InvalidCode``, ``LoginRefused``, and whatever limits and outages
    stand between.
    """
    pending = PendingLogin.load(request)
    if pending is None:
        raise StepMissing
    ratelimits.consume(request, "verify", pending=pending.id)
    with attempt(request, pending.identifier):
        try:
            tokens = get_client().passwordless.exchange_code(
                pending.connection,
                pending.identifier,
                code,
                scope=get_scope(pending.connection),
                audience=conf.AUDIENCE,
                caller=get_caller(request),
            )
        except (InvalidCode, UserBlocked) as error:
            pending.count_wrong_try(is_last=isinstance(error, CodeExhausted))
            pending.save(request)
            raise
        complete(request, pending=pending, tokens=tokens)
    return pending
