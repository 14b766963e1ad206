"""The one place that is told of an outcome, by the flows and by whatever ends a sign-in.

The log has one record an outcome, on ``django_pwdless.events``, with nothing whole in it; rows and
mails are for a site to turn on.
"""

from __future__ import annotations

import logging
from typing import Any

from django.dispatch import receiver
from django.http import HttpRequest

from django_pwdless.conf import conf
from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.limits.client_ip import network
from django_pwdless.limits.rates import limit_reached

from . import notices, rows
from . import outcome as of
from .outcome import Outcome

logger: logging.Logger = logging.getLogger("django_pwdless.events")

SENTENCES = {
    of.SIGN_IN: "Somebody signed in",
    of.REFUSED: "Somebody was not let in",
    of.LIMITED: "A limit was reached",
    of.MESSAGE_SENT: "A message was asked for",
    of.MFA_STARTED: "A second factor was asked for",
    of.MFA_VERIFIED: "A second factor was proven",
    of.IDENTITY_ADDED: "A sign-in method was added",
    of.IDENTITY_REMOVED: "A sign-in method was removed",
    of.FACTOR_ADDED: "A second factor was added",
    of.FACTOR_REMOVED: "A second factor was removed",
    of.SIGN_IN_ENDED: "A sign-in ended",
    of.TOKEN_REFRESHED: "An access token was refreshed",
}
WARNINGS = {of.REFUSED, of.LIMITED}
# How each detail is said after the sentence.
DETAILS = {
    "pwdless_method": "method %s",
    "pwdless_reason": "reason %s",
    "pwdless_limit": "limit %s",
    "pwdless_user": "user %s",
    "pwdless_identifier": "%s",
    "pwdless_address": "from %s",
}


def tell(outcome: Outcome) -> None:
    """Pass an outcome on; nothing that goes wrong with it is in the way of the login."""
    _log(outcome)
    if conf.EVENTS:
        rows.keep(outcome)
    if conf.NOTICES:
        notices.notify(outcome)


def _log(outcome: Outcome) -> None:
    """Write the record; a field that is not known is an empty string."""
    level = logging.WARNING if outcome.kind in WARNINGS else logging.INFO
    if not logger.isEnabledFor(level):
        return
    masked = outcome.identifier.masked if outcome.identifier else ""
    details = {
        "pwdless_method": outcome.method,
        "pwdless_reason": outcome.reason,
        "pwdless_limit": outcome.limit,
        "pwdless_user": "" if outcome.user_pk is None else str(outcome.user_pk),
        "pwdless_identifier": masked if masked.isprintable() else _on_one_line(masked),
        "pwdless_address": network(outcome.request),
    }
    said = [words % details[name] for name, words in DETAILS.items() if details[name]]
    logger.log(
        level,
        f"{SENTENCES[outcome.kind]}%s.",
        f": {', '.join(said)}" if said else "",
        extra={"pwdless_event": outcome.kind, **details},
    )


def _on_one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


@receiver(limit_reached)
def _tell_of_limit(
    *,
    request: HttpRequest,
    limit: str,
    identifier: Identifier | None,
    key: str,
    seconds: int,
    **kwargs: Any,
) -> None:
    tell(Outcome(of.LIMITED, request, limit=limit, identifier=identifier, once=(key, seconds)))
