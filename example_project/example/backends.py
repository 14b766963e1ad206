from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from django_pwdless.backends import PasswordlessBackend

CLAIMS_KEY = "id_token_claims"


class ExampleBackend(PasswordlessBackend):
    """Looks at the verified claims of each login."""

    def update_user(self, user: AbstractBaseUser, claims: Mapping[str, Any]) -> None:
        """Make the owners of ``STAFF_EMAILS`` staff, and keep the claims for the account page."""
        assert isinstance(user, User)  # noqa: S101 (for type checkers)
        is_owner = claims.get("email_verified") is True and claims.get("email") in staff_emails()
        if is_owner and not user.is_staff:
            user.is_staff = user.is_superuser = True
            user.save(update_fields=["is_staff", "is_superuser"])
        user.id_token_claims = claims  # type: ignore[attr-defined]


def staff_emails() -> list[str]:
    return getattr(settings, "STAFF_EMAILS", [])


@receiver(user_logged_in)
def remember_claims(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Keep what the token said for as long as the session lasts."""
    request.session[CLAIMS_KEY] = getattr(user, "id_token_claims", {})
