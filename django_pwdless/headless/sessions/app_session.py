"""The session of a native app's request, in place of the one that a cookie would name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from django_pwdless.conf import conf
from django_pwdless.headless.problems import SESSION_GONE, Refusal
from django_pwdless.session.web_session import SENT_KEY, sent_key
from django_pwdless.sign_ins.look import Look

from .tokens import HEADER, may_begin, new_session, session_of, token_of


class AppSession:
    """Gives a request the session of its token, and keeps that apart from Django's own.

    No cookie is read, and none is set: Django's middleware finds an empty session afterwards.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self._look: Look | None = None
        self._enter(None)

    def open(self) -> None:
        """Give the request its session; raises ``Refusal`` where that is unknown or has ended.

        Without a token it is a new one, which is stored nowhere yet.
        """
        token = self.request.headers.get(HEADER)
        if token is None:
            return
        self._enter(token)
        if auth.SESSION_KEY in self.request.session:
            # Looks whether the sign-in still stands; the session is flushed where it does not.
            self.request.user.is_authenticated  # noqa: B018
        if self.request.session.session_key is None:
            raise Refusal(SESSION_GONE)

    def _enter(self, token: str | None) -> None:
        request: Any = self.request
        _forget_cookies(request)
        session = None if token is None else session_of(token)
        request.session = session or new_session()
        setattr(request, SENT_KEY, request.session.session_key)
        request.user = SimpleLazyObject(lambda: auth.get_user(request))

        async def auser() -> Any:
            return await auth.aget_user(request)

        request.auser = auser
        self._look = Look(request) if conf.SIGN_INS else None

    @property
    def has_ended(self) -> bool:
        """Whether the session that the token opened is there no longer."""
        return sent_key(self.request) is not None and self.request.session.session_key is None

    def close(self, status: int) -> dict[str, str | None]:
        """Store the session; return its new ``session_token`` where there is one now.

        None says that there is no session any more. Raises ``Refusal`` where it ended meanwhile.
        """
        before = sent_key(self.request)
        try:
            self._store(status)
            after = self.request.session.session_key
            token = token_of(self.request.session)
        finally:
            self._leave()
        return {} if before == after else {"session_token": token}

    def abandon(self) -> None:
        """Leave nothing of the session in a request that has failed, whose answer is Django's.

        It would be stored as the one of a cookie, and the cookie set.
        """
        self._enter(None)

    def _store(self, status: int) -> None:
        """Do what Django's middleware does for the session of a cookie."""
        if self._look is not None and self._look.is_saved and status < 500:
            self._look.finish()
        session = self.request.session
        is_saved = session.modified or settings.SESSION_SAVE_EVERY_REQUEST
        if not is_saved or session.is_empty() or status == 500:
            return
        if session.session_key is None and not may_begin(session):
            return
        try:
            session.save()
        except UpdateError:
            raise Refusal(SESSION_GONE) from None

    def _leave(self) -> None:
        request: Any = self.request
        request.session = new_session()
        setattr(request, SENT_KEY, None)
        _forget_cookies(request)


def _forget_cookies(request: Any) -> None:
    """Take out of a request what cookies say, and what would set one."""
    request.COOKIES = {}
    for name in ("CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE"):
        request.META.pop(name, None)
    for name in ("_messages", "_cached_user", "_acached_user"):
        vars(request).pop(name, None)
