from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def inbox(request: HttpRequest) -> dict[str, str | None]:
    """Return where messages land that nobody mails."""
    return {"inbox_url": getattr(settings, "INBOX_URL", None)}
