"""Time that stands still until a test moves it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

NOON = datetime(2030, 1, 15, 12, tzinfo=timezone.utc)


def stop_time(time_machine: Any, settings: Any) -> Any:
    """Stop it at noon, for a cache in this process too: a server's clock goes on."""
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": memory, "LOCATION": uuid4().hex}}
    time_machine.move_to(NOON, tick=False)
    return time_machine
