"""One request's look at its sign-in, taken when its user is first used."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from django_pwdless.limits.shared_cache import KeyStore
from django_pwdless.session.login_record import SignInEntry
from django_pwdless.session.web_session import is_session_of

from .beginning import register
from .ending import discard_session, end_entry
from .liveness import is_alive
from .rows import moment, rows, tolerated

HOUR = 3600
REGISTER_SECONDS = 60


class Look:
    """Takes the place of ``request.user`` and ``request.auser``, and looks once they are used."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._user: Any = request.user
        self._auser = request.auser
        self._entry: SignInEntry | None = None
        self._has_looked = self._is_settled = self._is_over = False
        request.user = SimpleLazyObject(self.user)  # type: ignore[assignment]
        request.auser = self.auser

    def user(self) -> Any:
        """Return Django's user, or an anonymous one where the sign-in has ended."""
        if self._has_ended():
            return AnonymousUser()
        is_authenticated = self._user.is_authenticated
        # Not one lazy object within another.
        return self._settle(getattr(self._user, "_wrapped", self._user), is_authenticated)

    async def auser(self) -> Any:
        """Return the same from a coroutine."""
        if await sync_to_async(self._has_ended)():
            return AnonymousUser()
        user = await self._auser()
        return await sync_to_async(self._settle)(user, user.is_authenticated)

    def _has_ended(self) -> bool:
        """Whether the session's row is gone; the session is flushed then."""
        if not self._has_looked:
            self._entry = SignInEntry.load(self._request)
            is_signed_in = auth.SESSION_KEY in self._request.session
            if self._entry is not None and is_signed_in and not is_alive(self._entry):
                self._is_over = True
                discard_session(self._request)
            self._has_looked = True
        return self._is_over

    def _settle(self, user: Any, is_authenticated: bool) -> Any:
        """Bring row and session together with what Django says of the session."""
        if not self._is_settled:
            self._is_settled = True
            if is_authenticated and self._entry is None and self._is_own(user):
                self._register(user)
            elif self._entry is not None and not is_authenticated:
                end_entry(self._entry, self._request, "over")
                discard_session(self._request)
        return user

    def _is_own(self, user: Any) -> bool:
        """Whether the session is this user's; other middleware may know people by a token."""
        return hasattr(user, "_meta") and is_session_of(self._request, user)

    def _register(self, user: Any) -> None:
        """Give a session from before its row; of several requests at once, one does."""
        session_key = self._request.session.session_key or ""
        digest = hashlib.sha256(session_key.encode()).hexdigest()
        if KeyStore().add(f"pwdless:sign-in:new:{digest}", REGISTER_SECONDS):
            with tolerated("begin a sign-in"):
                register(self._request, user)

    @property
    def is_saved(self) -> bool:
        """Whether the session will be saved at the end of the request."""
        session = getattr(self._request, "session", None)
        return session is not None and (session.modified or settings.SESSION_SAVE_EVERY_REQUEST)

    def finish(self) -> None:
        """Before the session is saved: end the row that it has left, save none that has ended."""
        entry, before = SignInEntry.load(self._request), self._entry
        if before is not None and not self._is_over and (entry is None or entry.id != before.id):
            # The site has emptied the session itself, or somebody else has signed in.
            end_entry(before, self._request, "over")
        if entry is not None and (self._ended_meanwhile(entry) or not self._move(entry)):
            discard_session(self._request)

    def _ended_meanwhile(self, entry: SignInEntry) -> bool:
        """Whether the sign-in that stood when it was looked at has ended since."""
        is_same = self._has_looked and entry == self._entry
        return is_same and self._request.session.modified and not is_alive(entry)

    def _move(self, entry: SignInEntry) -> bool:
        """Have the row's expiry follow the session's; False where the row has ended meanwhile."""
        session = self._request.session
        expires_at = session.get_expiry_date().timestamp()
        # A short session would outlive its row between two hours.
        if abs(expires_at - entry.expires_at) < min(HOUR, session.get_expiry_age() / 2):
            return True
        with tolerated("move the expiry of a sign-in"):
            row = rows().filter(pk=entry.id)
            if not row.update(expires_at=moment(expires_at)):
                return False
            dataclasses.replace(entry, expires_at=expires_at).save(self._request)
        return True
