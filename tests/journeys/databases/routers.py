"""Routers of sites with several databases."""

from __future__ import annotations

from typing import Any

from django_pwdless.models import AddressLock, Event, Identity, SignIn

OURS = (AddressLock, Event, Identity, SignIn)


class LaggingReplica:
    """Our tables are read from another database than they are written to."""

    def db_for_read(self, model: type, **hints: Any) -> str:
        return "replica" if issubclass(model, OURS) else "default"

    def db_for_write(self, model: type, **hints: Any) -> str:
        return "default"

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return True


class OursElsewhere:
    """Our tables are kept apart from those of the users."""

    def db_for_write(self, model: type, **hints: Any) -> str | None:
        return "replica" if issubclass(model, OURS) else None

    db_for_read = db_for_write


class EventsElsewhere(OursElsewhere):
    """One of our tables is kept apart."""

    def db_for_write(self, model: type, **hints: Any) -> str | None:
        return "replica" if model is Event else None

    db_for_read = db_for_write
