"""Somebody's verified claims, and what becomes of a login with them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from django_pwdless.backends import PasswordlessBackend
from django_pwdless.exceptions import LoginRefused
from django_pwdless.models import Identity

ISSUER = "https://tenant.example/"
ANN = "ann@example.com"


def claims_of(sub: str = "email|ann", **claims: Any) -> dict[str, Any]:
    """Claims of a person with the verified address ``ANN``; a claim of ``...`` is left out."""
    merged = {"iss": ISSUER, "sub": sub, "email": ANN, "email_verified": True, **claims}
    return {name: value for name, value in merged.items() if value is not ...}


def make_user(name: str = "ann", **fields: Any) -> Any:
    """An existing user with the address ``ANN`` and a password."""
    return get_user_model().objects.create_user(name, **{"email": ANN, "password": "pw", **fields})


def only_user() -> Any:
    return get_user_model().objects.get()


def identify(claims: dict[str, Any], via: str = "") -> Identity:
    """Sign in with these claims, by this connection."""
    return PasswordlessBackend().identify(claims, connection=via)


def outcome(claims: dict[str, Any], backend: PasswordlessBackend | None = None) -> str:
    """Return ``known``, ``created``, ``joined``, or why the person was refused."""
    users, identities = get_user_model().objects.count(), Identity.objects.count()
    try:
        identity = (backend or PasswordlessBackend()).identify(claims)
    except LoginRefused as refusal:
        assert (get_user_model().objects.count(), Identity.objects.count()) == (users, identities)
        return refusal.reason
    assert (identity.issuer, identity.subject) == (claims["iss"], claims["sub"])
    if Identity.objects.count() == identities:
        return "known"
    return "created" if get_user_model().objects.count() > users else "joined"
