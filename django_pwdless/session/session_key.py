"""The session while Auth0 answers: a new key with each proof, and its end in another tab."""

from __future__ import annotations

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest

from django_pwdless.exceptions import StepMissing


def renew_session_key(request: HttpRequest) -> None:
    """Give the session a new key, against whoever knew the old one (session fixation).

    Raises ``StepMissing`` where its person has signed out while Auth0 answered: Django would make
    the session anew, with the person still in it.
    """
    session = request.session
    if auth.SESSION_KEY in session and not session.exists(session.session_key or ""):
        # Nothing of it is saved at the end of the request either.
        session.modified = False
        raise StepMissing
    session.cycle_key()


def save_session(request: HttpRequest) -> None:
    """Save the session now; raises ``StepMissing`` where it has ended meanwhile.

    Of two clicks on one code the first may have signed in, which replaces the session; to save
    this one at the end of the request would then fail as a whole. So it is not saved again there,
    where its cookie is the one that the browser sent.
    """
    try:
        request.session.save()
    except UpdateError:
        request.session.modified = False
        raise StepMissing from None
    sent = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    request.session.modified = request.session.session_key != sent
