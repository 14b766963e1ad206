"""The app configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PwdlessConfig(AppConfig):
    """Passwordless login."""

    name = "django_pwdless"
    verbose_name = _("Passwordless login")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        # All register on import, once settings are ready.
        from . import checks  # noqa: F401
        from .events import telling  # noqa: F401
        from .session import login_record  # noqa: F401
        from .sign_ins import beginning  # noqa: F401
        from .tokens import removed, revoking  # noqa: F401
