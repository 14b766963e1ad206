"""What the witness keeps of sessions, of ways back from Auth0, and of one request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Known:
    """What is known of a session: the line it belongs to, which ends with each login and logout.

    ``user`` is signed in; ``awaited`` have proven a first factor and owe a second; ``typed`` are
    the addresses that were typed.
    """

    line: int
    user: str | None = None
    awaited: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Return:
    """A way back from Auth0: who proved themselves there, in which line of sessions it began.

    With ``is_whole`` the second factor was proven there too.
    """

    person: str
    line: int | None
    is_whole: bool = False


@dataclass(frozen=True)
class Deed:
    """One request, and what it proves: whose first factors, and whose second ones."""

    name: str
    method: str
    fields: dict[str, str]
    target: str
    first: set[str]
    second: set[str]
    is_json: bool = False

    def has_led_on(self, answer: Any) -> bool:
        """Whether it was done: pages lead on, the JSON has no problem."""
        return bool(answer.status_code == (200 if self.is_json else 302))
