"""The rows, always where they are written: a replica that lags would say what was."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timezone

from django.conf import settings
from django.db import router
from django.db.models import QuerySet

from django_pwdless import transactions
from django_pwdless.models import SignIn


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


def tolerated(what: str) -> AbstractContextManager[None]:
    """Go on without a change that their database does not take; log it."""
    return transactions.tolerated(what, using=database())
