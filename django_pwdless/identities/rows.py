"""Identities and users, read where they are written: a replica that lags has what was removed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db import router
from django.db.models import F, QuerySet

from django_pwdless.models import Identity, subject_digest


def database() -> str:
    """Return the alias of the database that identities are written to."""
    return router.db_for_write(Identity)


def rows() -> QuerySet[Identity]:
    """Return all identities."""
    return Identity._base_manager.using(database())


def find(issuer: str, subject: str) -> Identity | None:
    """Return the identity of exactly this issuer and subject, its user fetched along."""
    return Identity.objects.db_manager(database()).find(issuer, subject)


def user_with_identity(issuer: str, subject: str) -> Any:
    """Return the user who has this identity, as the site's own manager shows them, or None."""
    digest = subject_digest(issuer, subject)
    try:
        return get_user_model()._default_manager.get(pwdless_identities__digest=digest)
    except get_user_model().DoesNotExist:
        return None


def is_hidden(user: Any) -> bool:
    """Whether the user model's default manager leaves this user out, as a softly deleted one.

    Django looks people up by it at each request, and would find nobody in the session.
    """
    shown = get_user_model()._default_manager.using(user._state.db)
    # A manager that leaves nobody out costs no query.
    return bool(shown.query.where) and not shown.filter(pk=user.pk).exists()


def locked_user(pk: Any, *, using: str) -> Any:
    """Return the user as it is now, its row locked to the end of the transaction.

    None where it is gone, or hidden. On SQLite the database is locked.
    """
    model = get_user_model()
    row = model._base_manager.using(using).filter(pk=pk)
    row.update(**{model.USERNAME_FIELD: F(model.USERNAME_FIELD)})
    return model._default_manager.using(using).filter(pk=pk).first()


def email_field_name() -> str:
    """Return the name of the user model's address field; empty where it has none."""
    model = get_user_model()
    name: str = model.get_email_field_name()
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return ""
    return name
