"""The one place that is told of an outcome, by the flows and by whatever ends a sign-in."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.http import HttpRequest

from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.limits.rates import limit_reached

from . import log, notices, rows
from .outcome import LIMITED, Outcome


def tell(outcome: Outcome) -> None:
    """Pass an outcome on; nothing that goes wrong with it is in the way of the login."""
    log.write(outcome)
    rows.keep(outcome)
    notices.notify(outcome)


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
    tell(Outcome(LIMITED, request, limit=limit, identifier=identifier, once=(key, seconds)))
