"""``sign_in``: somebody is signed in as after a login, without a tenant."""

from __future__ import annotations

import hashlib
import time
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from django.test.client import ClientMixin

from django_pwdless.backends import site_backend
from django_pwdless.conf import conf
from django_pwdless.identifiers.identifier import Identifier, parse_identifier
from django_pwdless.models import Identity
from django_pwdless.session.login_record import LoginRecord, SignInEntry
from django_pwdless.session.web_session import session_user_pk
from django_pwdless.sign_ins.beginning import Login, announce

from .test_run import require_test_run

CONNECTIONS = frozenset({"email", "sms"})
METHODS = {"email": "email-code", "sms": "sms-code"}
A_DAY = 86_400


def sign_in(
    client: ClientMixin, identifier: str, *, user: Any = None, mfa: bool = False, fresh: bool = True
) -> Any:
    """Sign in a test client, Django's or DRF's, as a login by a code would; return the user.

    The user is found or made for the address or number (``+`` and digits) by the site's own
    backend; ``user`` names the one to get that identity. ``mfa``: a second factor was proven,
    too. Not ``fresh``: all of that was yesterday. Nobody is asked, and nothing is sent.

    Raises ``LoginRefused`` for whom a login would refuse, ``ValidationError`` for a malformed
    identifier, ``ValueError`` for one that is another user's, ``RuntimeError`` outside of a test
    run, and ``TypeError`` for what is no test client.
    """
    require_test_run()
    if not isinstance(client, ClientMixin):
        raise TypeError("sign_in takes a test client")
    typed = parse_identifier(identifier, CONNECTIONS)
    at = time.time() if fresh else time.time() - A_DAY
    identity = _identify(typed, user, at)
    request = _request_of(client)
    _log_in(request, identity, METHODS[typed.connection], at, "otp" if mfa else "")
    request.session.save()
    _set_cookie(client, request.session.session_key)
    return identity.user


async def asign_in(
    client: ClientMixin, identifier: str, *, user: Any = None, mfa: bool = False, fresh: bool = True
) -> Any:
    """Do what ``sign_in`` does, from a coroutine."""
    return await sync_to_async(sign_in)(client, identifier, user=user, mfa=mfa, fresh=fresh)


def _identify(typed: Identifier, user: Any, at: float) -> Identity:
    """Return the identity, by way of the site's backend, as a login does."""
    named = {"email" if typed.connection == "email" else "phone_number": typed.value}
    ours = Identity.objects.filter(issuer=conf.issuer, connection=typed.connection, **named)
    theirs = ours if user is None else ours.filter(user=user)
    known = theirs.order_by("pk").values_list("subject", flat=True).first()
    subject = _subject(typed) if known is None else known
    if known is None and user is not None:
        if Identity.objects.find(conf.issuer, subject) is not None:
            raise ValueError("That identifier is another user's.")
        Identity.objects.create(
            user=user, issuer=conf.issuer, subject=subject, connection=typed.connection, **named
        )
    verified = {f"{name}_verified": True for name in named}
    about = {"iss": conf.issuer, "sub": subject, "aud": conf.CLIENT_ID}
    claims = {**about, "iat": int(at), "exp": int(at) + A_DAY, **named, **verified}
    return site_backend()[0].identify(claims, connection=typed.connection)


def _subject(typed: Identifier) -> str:
    """Return the subject that the local tenant gives the same person."""
    digest = hashlib.sha256(f"{typed.connection}:{typed.value}".encode("utf-8", "replace"))
    return f"{typed.connection}|{digest.hexdigest()[:24]}"


def _request_of(client: Any) -> HttpRequest:
    """Return a request of this client's with its session, or a new one."""
    request = HttpRequest()
    request.META.update(client.defaults)
    if settings.SESSION_COOKIE_NAME in client.cookies:
        request.session = client.session
    else:
        request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    return request


def _log_in(
    request: HttpRequest, identity: Identity, method: str, at: float, mfa_factor: str
) -> None:
    """Write the session, and the row of ``SIGN_INS``, as the last step of a login does."""
    replaced = SignInEntry.load(request)
    login = Login(identity=identity, method=method, mfa_factor=mfa_factor, replaced=replaced)
    announce(request, login)
    if auth.SESSION_KEY in request.session:
        request.session.flush()
    auth.login(request, identity.user, backend=site_backend()[1])
    LoginRecord(
        session_user_pk(request) or "",
        at,
        method,
        mfa_at=at if mfa_factor else None,
        mfa_factor=mfa_factor,
    ).save(request)


def _set_cookie(client: Any, session_key: str | None) -> None:
    name = settings.SESSION_COOKIE_NAME
    client.cookies[name] = session_key
    client.cookies[name].update(
        {
            "path": settings.SESSION_COOKIE_PATH,
            "domain": settings.SESSION_COOKIE_DOMAIN or "",
            "secure": settings.SESSION_COOKIE_SECURE or "",
        }
    )
