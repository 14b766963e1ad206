from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from django_pwdless.backends import PasswordlessBackend

CLAIMS_KEY = "id_token_claims"


class ExampleBackend(PasswordlessBackend):
    """Looks at the verified claims of each login."""

    def update_user(self, user: AbstractUser, claims: dict[str, Any]) -> None:
        """Make the owners of ``STAFF_EMAILS`` staff, and keep the claims for the account page."""
        is_verified = claims.get("email_verified") is True
        if is_verified and claims.get("email") in settings.STAFF_EMAILS and not user.is_staff:
            user.is_staff = user.is_superuser = True
            user.save(update_fields=["is_staff", "is_superuser"])
        user.id_token_claims = claims  # type: ignore[attr-defined]


@receiver(user_logged_in)
def remember_claims(request: HttpRequest, user: AbstractUser, **kwargs: Any) -> None:
    """Keep what the token said for as long as the session lasts."""
    request.session[CLAIMS_KEY] = getattr(user, "id_token_claims", {})
