"""The rows of ``EVENTS``: one an outcome, and none that could be in the way of a login."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db import router
from django.db.models import QuerySet
from django.utils import timezone

from django_pwdless.conf import conf
from django_pwdless.exceptions import LimitsUnavailable
from django_pwdless.limits.client_ip import network
from django_pwdless.limits.shared_cache import claim
from django_pwdless.models import Event
from django_pwdless.transactions import tolerated

from .digests import digest_of
from .outcome import IDENTITY_REMOVED, Outcome

BATCH = 500


def database() -> str:
    """Return the alias of the database that rows are written to."""
    return router.db_for_write(Event)


def rows() -> QuerySet[Event]:
    """Return all of them, where they are written."""
    return Event._base_manager.using(database())


def keep(outcome: Outcome) -> None:
    """Keep a row, one statement; go on without where that fails."""
    if not _is_first(outcome):
        return
    who = outcome.identifier
    identity = None if outcome.kind == IDENTITY_REMOVED else outcome.identity
    with tolerated("keep an event", using=database()):
        rows().create(
            kind=outcome.kind,
            user_id=outcome.user_pk,
            identity_id=None if identity is None else identity.pk,
            identifier_digest="" if who is None else digest_of(who),
            address=network(outcome.request),
            method=outcome.method,
            reason=outcome.reason or outcome.limit,
        )


def _is_first(outcome: Outcome) -> bool:
    """Whether no row is kept of the same yet; what strangers can repeat fills no table."""
    if outcome.once is None:
        return True
    key, seconds = outcome.once
    digest = hashlib.sha256(key.encode(errors="replace")).hexdigest()
    try:
        return claim(f"pwdless:event:{digest}", seconds)
    except LimitsUnavailable:
        return False


def clear_old() -> int:
    """Delete the rows that are older than ``EVENT_DAYS``, some at a time; return how many."""
    old = rows().filter(created_at__lt=timezone.now() - timedelta(days=conf.EVENT_DAYS))
    total = 0
    while pks := list(old.order_by("created_at").values_list("pk", flat=True)[:BATCH]):
        total += rows().filter(pk__in=pks).delete()[0]
    return total
