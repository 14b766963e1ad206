"""Whether a sign-in still stands: what the cache says of it, else what the database says.

The cache says "alive" for a minute and "ended" for an hour. "Alive" is only ever added, so that it
never takes the place of "ended", however late somebody says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.cache import BaseCache, caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from django_pwdless.limits.shared_cache import cache_alias, outage
from django_pwdless.models import SignIn
from django_pwdless.session.login_record import SignInEntry

from .rows import rows, tolerated

ALIVE, ENDED = "alive", "ended"
ALIVE_SECONDS = 60
# Longer than any request takes that has read the row before it ended.
ENDED_SECONDS = 3600
SEEN_EVERY = timedelta(hours=1)


def mark_of(created_at: datetime) -> str:
    """Return what tells rows of one id apart, where a database gives ids anew."""
    return f"{created_at.replace(fold=0).timestamp():.6f}"


def is_alive(entry: SignInEntry) -> bool:
    """Whether the row of a session's entry still stands; notes hourly that it was seen."""
    cache, state = _ask_cache(entry)
    if state is not None:
        return bool(state == ALIVE)
    row = rows().filter(pk=entry.id).only("created_at", "last_seen_at").first()
    if row is None or mark_of(row.created_at) != entry.mark:
        return False
    if cache is not None:
        _tell(cache.add, entry.id, entry.mark, ALIVE, ALIVE_SECONDS)
    return _see(row)


def _see(row: SignIn) -> bool:
    """Move ``last_seen_at`` at most once an hour; False where the row has ended meanwhile."""
    now = timezone.now()
    if now - row.last_seen_at < SEEN_EVERY:
        return True
    still_there = True
    with tolerated("note that somebody was seen"):
        is_noted = rows().filter(pk=row.pk, last_seen_at=row.last_seen_at).update(last_seen_at=now)
        # Another request may have been faster.
        still_there = bool(is_noted) or rows().filter(pk=row.pk).exists()
    return still_there


def _ask_cache(entry: SignInEntry) -> tuple[BaseCache | None, Any]:
    """Return the cache and what it says; None for one that is not shared or does not answer."""
    try:
        cache = caches[cache_alias()]
        if isinstance(cache, LocMemCache | DummyCache):
            return None, None
        return cache, cache.get(_key(entry.id, entry.mark))
    except Exception as error:  # every cache backend has exceptions of its own
        outage(error)
        return None, None


def _tell(write: Any, pk: int, mark: str, state: str, seconds: int) -> None:
    try:
        write(_key(pk, mark), state, seconds)
    except Exception as error:
        outage(error)


def _key(pk: int, mark: str) -> str:
    return f"pwdless:sign-in:{pk}:{mark}"


def _bury(pk: int, mark: str) -> None:
    """Say in the cache that a sign-in has ended."""
    try:
        cache = caches[cache_alias()]
    except Exception as error:
        outage(error)
    else:
        _tell(cache.set, pk, mark, ENDED, ENDED_SECONDS)


@receiver(post_delete, sender=SignIn)
def _bury_once_committed(*, instance: SignIn, using: str, **kwargs: Any) -> None:
    """Whoever deletes a row, the admin too, ends its session; an expired one needs no grave."""
    if instance.expires_at > timezone.now():
        bury = partial(_bury, instance.pk, mark_of(instance.created_at))
        transaction.on_commit(bury, using=using, robust=True)
