"""Django's session: whose it is, its key, and its end in another tab while Auth0 answers."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from django_pwdless.exceptions import StepMissing
from django_pwdless.limits.shared_cache import KeyStore

# Where the session's key came otherwise than by a cookie.
SENT_KEY = "_pwdless_sent_key"
# How long after the first click's answer a second one may come, in seconds.
LED_SECONDS = 60


def session_user_pk(request: HttpRequest) -> str | None:
    """Return the primary key of the session's own user, as Django's ``login`` wrote it there."""
    value = request.session.get(auth.SESSION_KEY)
    return None if value is None else str(value)


def own_user_pk(request: HttpRequest) -> str | None:
    """Return the primary key of who asks, where the session is theirs; None otherwise.

    Middleware may say of a request that somebody else asks: by a bearer token, or to look at the
    site as another person. What was proven in the session counts for its own user alone.
    """
    user: Any = request.user
    is_own = user.is_authenticated and is_session_of(request, user)
    return session_user_pk(request) if is_own else None


def is_session_of(request: HttpRequest, user: Any) -> bool:
    """Whether this user is the session's own."""
    return session_user_pk(request) == session_pk_of(user)


def session_pk_of(user: Any) -> str:
    """Return a user's primary key as sessions have it."""
    return str(user._meta.pk.value_to_string(user))


def is_of_cookie(request: HttpRequest) -> bool:
    """Whether the request's session is the one that its cookie names."""
    return not hasattr(request, SENT_KEY)


def sent_key(request: HttpRequest) -> str | None:
    """Return the session key that came with the request, if one did."""
    if not is_of_cookie(request):
        key: str | None = getattr(request, SENT_KEY)
        return key
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME)


def renew_session_key(request: HttpRequest) -> None:
    """Give the session a new key, against whoever knew the old one (session fixation).

    Raises ``StepMissing`` where its person has signed out while Auth0 answered: Django would make
    the session anew, with the person still in it.
    """
    session = request.session
    if auth.SESSION_KEY in session and not session.exists(session.session_key or ""):
        _go_on_without(request)
        raise StepMissing
    session.cycle_key()


def save_session(request: HttpRequest) -> None:
    """Save the session now; raises ``StepMissing`` where it has ended meanwhile.

    Of two clicks on one code the first may have signed in, which replaces the session; to save
    this one at the end of the request would then fail as a whole. So it is not saved again there,
    where its cookie is the one that the browser sent.
    """
    _save(request)
    request.session.modified = not _has_sent_key(request)


def check_session_stands(request: HttpRequest) -> None:
    """Raise ``StepMissing`` where Django could not save the session at the end of the request.

    A person may sign out, or in, in another tab while Auth0 answers; Django's middleware says
    "Bad request" to that.
    """
    session = request.session
    is_saved = session.modified or settings.SESSION_SAVE_EVERY_REQUEST
    # A new one cannot have ended. The middleware saves again, and renews the cookie.
    if is_saved and not session.is_empty() and _has_sent_key(request):
        _save(request)


def forget_odd_key(request: HttpRequest) -> None:
    """Treat a key with NUL, which a cookie can spell and PostgreSQL fails on, as none."""
    if "\0" in (request.session.session_key or ""):
        request.session = type(request.session)()


def keep_session(request: HttpRequest, response: HttpResponseBase) -> None:
    """Save the session with a 5xx too, which Django's middleware does not: nothing is lost."""
    if response.status_code >= 500 and request.session.modified:
        middleware = SessionMiddleware(lambda request: HttpResponse())
        kept = middleware.process_response(request, HttpResponse())
        response.cookies.update(kept.cookies)


def _save(request: HttpRequest) -> None:
    try:
        request.session.save()
    except UpdateError:
        _go_on_without(request)
        raise StepMissing from None


def _has_sent_key(request: HttpRequest) -> bool:
    sent = sent_key(request)
    return sent is not None and bool(request.session.session_key == sent)


def _go_on_without(request: HttpRequest) -> None:
    """The session has ended: nothing of it is shown or saved, and nobody is signed in."""
    request.session = type(request.session)()
    request.user = AnonymousUser()


def remember_where_it_led(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep where this answer leads, if it replaces the session that the browser sent.

    Of two clicks the first may be answered first: the browser has the new session's cookie by then.
    The second one's answer must not take it away, and leads where the first one led.
    """
    sent, kept = sent_key(request), request.session.session_key
    if sent and kept and sent != kept and response.has_header("Location"):
        KeyStore().set(_cache_key(sent), response["Location"], LED_SECONDS)


def where_first_led(request: HttpRequest) -> str | None:
    """Return where the click led that has just ended the session of this one; None without one."""
    sent = sent_key(request)
    if request.method != "POST" or not sent or not request.session.is_empty():
        return None
    location = KeyStore().get(_cache_key(sent))
    return location if isinstance(location, str) else None


def leave_cookie(request: HttpRequest) -> None:
    """Have Django delete no cookie of a session that is gone: another one may have replaced it.

    One that was ended by this request's own work is deleted as ever.
    """
    if request.session.is_empty() and not request.session.modified:
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)


def _cache_key(session_key: str) -> str:
    digest = hashlib.sha256(session_key.encode(errors="replace")).hexdigest()
    return f"pwdless:led:{digest}"
