"""Ending refresh tokens at Auth0: when their person signs out, or an operator says so."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest

from django_pwdless.auth0 import Caller
from django_pwdless.conf import conf
from django_pwdless.exceptions import Auth0Error
from django_pwdless.models import SignIn
from django_pwdless.provider import get_caller, get_client
from django_pwdless.session.login_record import SignInEntry
from django_pwdless.sign_ins.ending import BATCH, end_rows, signing_out
from django_pwdless.sign_ins.rows import database, rows, tolerated

from .kept_tokens import KeptTokens
from .lease import take_out

logger: logging.Logger = logging.getLogger("django_pwdless")

# Seconds that a logout waits for Auth0 at the most.
WITHIN = 2.0
# A refresh that ends at the same moment changes the row once, and then the row has no other.
TRIES = 3


def revoke(refresh_token: str, caller: Caller | None = None) -> None:
    """End a refresh token at Auth0, once; a failure is a line in the log."""
    try:
        get_client().refresh_tokens.revoke(refresh_token, caller=caller, within=WITHIN)
    except Auth0Error as error:
        logger.warning(
            "Auth0 did not revoke a refresh token (%s): it lasts until it expires there.",
            type(error).__name__,
        )


def end_and_revoke(chosen: QuerySet[SignIn], reason: str) -> int:
    """End sign-ins as ``end_rows`` does, and revoke their refresh tokens; return how many."""
    total = 0
    while batch := list(chosen.order_by("pk")[:BATCH]):
        pks = [row.pk for row in batch]
        found = list(filter(None, map(_take_out, pks)))
        total += end_rows(rows().filter(pk__in=pks), reason)
        for refresh_token in found:
            transaction.on_commit(partial(revoke, refresh_token), using=database(), robust=True)
    return total


@receiver(signing_out)
def _revoke_own(
    *, request: HttpRequest, entry: SignInEntry, **kwargs: Any
) -> Callable[[], None] | None:
    """A person signs out: what was kept for them is over at Auth0 too, once that is committed."""
    refresh_token = ""
    with tolerated("take out the tokens of a sign-in"):
        refresh_token = _take_out(entry.id) if conf.TOKENS else ""
    return partial(revoke, refresh_token, get_caller(request)) if refresh_token else None


def _take_out(pk: int) -> str:
    """Take the tokens out of a row; return its refresh token, empty for whoever was not first."""
    for _ in range(TRIES):
        row = rows().filter(pk=pk).first()
        kept = None if row is None else KeptTokens.of_row(row)
        if row is None or kept is None:
            return ""
        seen = rows().filter(pk=pk, tokens_version=row.tokens_version)
        if take_out(seen):
            return kept.refresh_token
    return ""
