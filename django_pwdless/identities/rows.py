"""The rows, always where they are written: a replica that lags has what was removed."""

from __future__ import annotations

from django.db import router
from django.db.models import QuerySet

from django_pwdless.models import Identity


def database() -> str:
    """Return the alias of the database that rows are written to."""
    return router.db_for_write(Identity)


def rows() -> QuerySet[Identity]:
    """Return all of them."""
    return Identity._base_manager.using(database())


def find(issuer: str, subject: str) -> Identity | None:
    """Return the identity of exactly this issuer and subject, its user fetched along."""
    return Identity.objects.db_manager(database()).find(issuer, subject)
