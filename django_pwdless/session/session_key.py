"""The session while Auth0 answers: a new key with each proof, and its end in another tab."""

from __future__ import annotations

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from django_pwdless.exceptions import StepMissing

# Where the session's key came otherwise than by a cookie.
SENT_KEY = "_pwdless_sent_key"


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
