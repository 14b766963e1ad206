"""The rows, always where they are written: a replica that lags would say what was."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timezone

from django.conf import settings
from django.db import DatabaseError, connections, router, transaction
from django.db.models import QuerySet

from django_pwdless.models import SignIn

logger = logging.getLogger("django_pwdless")


def database() -> str:
    """Return the alias of the database that rows are written to."""
    return router.db_for_write(SignIn)


def rows() -> QuerySet[SignIn]:
    """Return all of them."""
    return SignIn._base_manager.using(database())


def moment(timestamp: float) -> datetime:
    """Return a time of UNIX seconds as the models keep it."""
    if settings.USE_TZ:
        return datetime.fromtimestamp(timestamp, tz=timezone.utc)
    return datetime.fromtimestamp(timestamp)


@contextmanager
def tolerated(what: str) -> Iterator[None]:
    """Go on without a change that the database does not take, as one that only reads; log it."""
    is_inside = connections[database()].in_atomic_block
    try:
        # On PostgreSQL one refusal would spoil all that follows in the caller's transaction.
        with transaction.atomic(using=database()) if is_inside else nullcontext():
            yield
    except DatabaseError as error:
        logger.warning("The database refused to %s (%s).", what, type(error).__name__)
