"""What Django sends its mail by, in the settings that this Django reads."""

from __future__ import annotations

from typing import Any

import django

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def mailer(backend: str = SMTP, **options: Any) -> dict[str, Any]:
    """Return the settings of a mailer: from 6.1 on those of ``MAILERS``."""
    if django.VERSION >= (6, 1):
        return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}
    return {
        f"EMAIL_{name.upper()}": value for name, value in {"backend": backend, **options}.items()
    }
