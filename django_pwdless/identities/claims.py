"""What the claims of a verified ID token prove, fit to be stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from django_pwdless.auth0.reading import is_storable

Claims = Mapping[str, Any]


def verified_email(claims: Claims) -> str:
    """Return the address that Auth0 says belongs to the person, or an empty string."""
    address = _text(claims, "email")
    return address if claims.get("email_verified") is True and "@" in address else ""


def verified_number(claims: Claims, connection: str) -> str:
    """Return a number that was proven: by a texted code, or as Auth0 says."""
    is_verified = connection == "sms" or claims.get("phone_number_verified") is True
    return _text(claims, "phone_number") if is_verified else ""


def _text(claims: Claims, name: str) -> str:
    """Return a claim that any database can store; empty for another one, and other types."""
    value = claims.get(name)
    return value if isinstance(value, str) and is_storable(value) else ""


def fitting(model: type[models.Model], field: str, value: str) -> str:
    """Return the value where the column can hold it, else an empty string."""
    limit = getattr(model._meta.get_field(field), "max_length", None)
    return value if limit is None or len(value) <= limit else ""
