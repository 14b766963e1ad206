"""Every request that came in, for tests to look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import Headers


@dataclass(frozen=True)
class RecordedRequest:
    """One request to the tenant's API; pages and control calls are not recorded.

    ``headers`` are looked up whatever their case, ``body`` is the JSON object or the form (empty
    for anything else), ``raw`` the bytes, ``connection`` the number of the TCP connection. Of what
    pages of other sites post, neither ``body`` nor ``raw`` is kept.
    """

    method: str
    path: str
    headers: Headers
    body: dict[str, Any]
    connection: int
    query: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""
    at: float = 0.0

    @property
    def language(self) -> str | None:
        """What ``x-request-language`` said."""
        return self.headers.get("x-request-language")

    @property
    def forwarded_for(self) -> str | None:
        """What ``auth0-forwarded-for`` said."""
        return self.headers.get("auth0-forwarded-for")

    def to_wire(self) -> dict[str, Any]:
        """Return the request as JSON members."""
        return {
            "method": self.method,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers},
            "body": self.body,
            "connection": self.connection,
            "query": self.query,
            "at": self.at,
        }
