"""An access token, as the site's own code gets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, repr=False)
class AccessToken:
    """A bearer token for the API of ``AUDIENCE``; its text is in ``value`` and ``header`` alone.

    ``expires_at`` is aware; ``scopes`` are those that were granted.
    """

    value: str
    expires_at: datetime
    scopes: frozenset[str]

    @property
    def header(self) -> dict[str, str]:
        """The header to send it in (RFC 6750, section 2.1)."""
        return {"Authorization": f"Bearer {self.value}"}

    def __repr__(self) -> str:
        return "<AccessToken>"
