"""Everything the doctor looks at, in the order in which it does."""

from __future__ import annotations

from . import assumptions
from .dashboard import access, application, attack_protection, factors, messages, tokens
from .dashboard import tenant as settings
from .entry import Entry
from .site import checks, services
from .tenant import connections, credentials, grants, reach, redirects

OFFLINE: tuple[Entry, ...] = (*checks.ENTRIES, *services.ENTRIES)
ONLINE: tuple[Entry, ...] = (
    *reach.ENTRIES,
    *credentials.ENTRIES,
    *access.ENTRIES,
    *connections.ENTRIES,
    *grants.ENTRIES,
    *redirects.ENTRIES,
    *application.ENTRIES,
    *messages.ENTRIES,
    *factors.ENTRIES,
    *settings.ENTRIES,
    *attack_protection.ENTRIES,
    *tokens.ENTRIES,
    *assumptions.ENTRIES,
)
