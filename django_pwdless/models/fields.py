"""Fields as type checkers take them, and what becomes of a reference."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from django_pwdless.conf import conf

# Fields are generic to type checkers only.
if TYPE_CHECKING:
    TextField = models.CharField[str, str]
    Moment = models.DateTimeField[datetime, datetime]
    OptionalMoment = models.DateTimeField[datetime | None, datetime | None]
    Text = models.TextField[str, str]
    Number = models.PositiveBigIntegerField[int, int]
else:
    TextField = models.CharField
    Moment = OptionalMoment = models.DateTimeField
    Text = models.TextField
    Number = models.PositiveBigIntegerField


KEPT_BY = {"signin": "SIGN_INS", "event": "EVENTS"}


def set_null_where_kept(collector: Any, field: Any, rows: Any, using: str) -> None:
    """As ``SET_NULL``, but while the rows' own setting is off no statement is spent on it."""
    if getattr(conf, KEPT_BY[field.model._meta.model_name]):
        models.SET_NULL(collector, field, rows, using)


# Django then asks for no rows, only to find that there are none.
set_null_where_kept.lazy_sub_objs = True  # type: ignore[attr-defined]
