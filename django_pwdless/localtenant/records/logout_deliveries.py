"""Which logout tokens were sent where, and how the sites answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LogoutDelivery:
    """One logout token and its answer; ``status`` is 0, and ``body`` says why, without one."""

    client_id: str
    url: str
    sub: str
    sid: str | None
    token: str
    status: int
    body: str

    def to_wire(self) -> dict[str, Any]:
        """Return what the control API shows."""
        names = ("client_id", "url", "sub", "sid", "status", "body")
        return {name: getattr(self, name) for name in names}
