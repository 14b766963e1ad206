"""Sessions of browsers at the tenant itself, as its own login pages start them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django_pwdless.localtenant.clock import Clock
from django_pwdless.localtenant.people.people import Person

COOKIE = "auth0-local"
LIFETIME = 72 * 3600


@dataclass(frozen=True)
class BrowserSession:
    """Who is logged in at the tenant, since when (``auth_time``), with a second factor or not."""

    key: str
    sid: str
    person: Person
    auth_time: int
    has_mfa: bool


class BrowserSessions:
    """The sessions by the key in their cookie."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sessions: dict[str, BrowserSession] = {}

    def begin(self, person: Person, has_mfa: bool) -> BrowserSession:
        """Return a new session for ``person``."""
        key, sid = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        session = BrowserSession(key, sid, person, int(self._clock.now()), has_mfa)
        self._sessions[key] = session
        return session

    def find(self, key: str | None) -> BrowserSession | None:
        """Return the session with that key, or ``None`` where it is unknown or too old."""
        session = self._sessions.get(key or "")
        fresh = session and session.auth_time + LIFETIME > self._clock.now()
        return session if fresh else None

    def end(self, key: str | None) -> None:
        """Forget the session with that key."""
        self._sessions.pop(key or "", None)

    def end_by_sub(self, sub: str) -> None:
        """Forget every session of a person."""
        for session in list(self._sessions.values()):
            if session.person.sub == sub:
                del self._sessions[session.key]

    def end_by_sid(self, sid: str) -> None:
        """Forget the session that tokens call ``sid``."""
        for session in list(self._sessions.values()):
            if session.sid == sid:
                del self._sessions[session.key]
