"""Who is signed in at which application, as far as the tenant knows: ID tokens told of it."""

from __future__ import annotations

from dataclasses import dataclass

#: Remembered; older ones are forgotten.
KEPT = 1000


@dataclass(frozen=True)
class ClientSession:
    """A person's login at an application; ``sid`` is None where its ID token had none."""

    client_id: str
    sub: str
    sid: str | None


class ClientSessions:
    """All of them, oldest first."""

    def __init__(self) -> None:
        self._known: dict[ClientSession, None] = {}

    def add(self, client_id: str, sub: str, sid: str | None) -> None:
        """Remember that an ID token was given out."""
        self._known[ClientSession(client_id, sub, sid)] = None
        while len(self._known) > KEPT:
            del self._known[next(iter(self._known))]

    def take(self, sub: str) -> list[ClientSession]:
        """Return the sessions of a person, and forget them: they are over."""
        found = [session for session in self._known if session.sub == sub]
        for session in found:
            del self._known[session]
        return found
