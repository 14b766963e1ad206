"""The last step: from tokens to a signed-in person."""

from __future__ import annotations

from django.contrib import auth
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from django_pwdless import states
from django_pwdless.auth0.types import TokenSet
from django_pwdless.backends import PasswordlessBackend
from django_pwdless.identity import verified_email
from django_pwdless.models import Identity
from django_pwdless.pending import LoginRecord, PendingLogin
from django_pwdless.provider import get_client

from .attempts import Attempt


def complete(
    request: HttpRequest,
    current: Attempt,
    *,
    pending: PendingLogin,
    tokens: TokenSet,
    nonce: str | None = None,
    max_age: int | None = None,
) -> Identity:
    """Verify the ID token, sign its person in, and forget all that was begun.

    A new login replaces the old one with all its session. ``nonce`` and ``max_age`` are those
    that were sent. Raises ``InvalidToken``,
    ``LoginRefused``, or ``Unavailable`` where the tenant's keys cannot be had.
    """
    claims = get_client().verify_id_token(tokens.id_token, nonce=nonce, max_age=max_age)
    current.username = current.username or verified_email(claims)
    backend = _backend()
    identity = backend.identify(claims, connection=pending.connection)
    PendingLogin.clear(request)
    states.clear(request)
    if auth.SESSION_KEY in request.session:
        request.session.flush()
    # Changes the session key, also of an anonymous session (session fixation).
    auth.login(request, identity.user, backend=f"{backend.__module__}.{type(backend).__qualname__}")
    LoginRecord(method=pending.method, identity=identity.pk).save(request)
    return identity


def _backend() -> PasswordlessBackend:
    """Return the site's own subclass of the backend, or the backend itself."""
    for backend in auth.get_backends():
        if isinstance(backend, PasswordlessBackend):
            return backend
    raise ImproperlyConfigured(
        "AUTHENTICATION_BACKENDS needs 'django_pwdless.backends.PasswordlessBackend'."
    )
