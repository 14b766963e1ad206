"""What a handler is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from .visits import Visit


@dataclass(frozen=True)
class Call:
    """One operation that is asked for: the members of its body, and ``pk`` of its path."""

    visit: Visit
    data: dict[str, Any] = field(default_factory=dict, repr=False)
    pk: int = 0

    @property
    def request(self) -> HttpRequest:
        """The request."""
        return self.visit.request


@dataclass(frozen=True)
class Reply:
    """What an answer says beside the state.

    ``shows_secrets`` where it has come to a new step, so that the state is shown with all it has.
    """

    members: dict[str, Any] = field(default_factory=dict, repr=False)
    shows_secrets: bool = False


STAYED = Reply()
REACHED = Reply(shows_secrets=True)
