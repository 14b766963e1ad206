"""An API of the tenant, by its identifier."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from .management import Management


def api(management: Management, identifier: str) -> dict[str, Any] | None:
    """Return the API, ``None`` where the tenant has none; raise ``CannotTell``."""
    path = f"/resource-servers/{quote(identifier, safe='')}"
    document = management.read(path, "read:resource_servers")
    return document if isinstance(document, dict) else None
