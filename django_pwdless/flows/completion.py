"""The last step: from tokens to a signed-in person, or to an identity added."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import auth, messages
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.types import TokenSet
from django_pwdless.auth0.verification.id_token import session_id
from django_pwdless.backends import PasswordlessBackend, site_backend
from django_pwdless.conf import conf
from django_pwdless.events.outcome import IDENTITY_ADDED, SIGN_IN, Outcome
from django_pwdless.events.telling import tell
from django_pwdless.exceptions import LoginRefused, MFARequired
from django_pwdless.identifiers.identifier import identifier_of
from django_pwdless.identifiers.methods import UNIVERSAL
from django_pwdless.identities.accounts import Claims, find, verified_email
from django_pwdless.identities.resolve import add_identity
from django_pwdless.models import Identity, subject_digest
from django_pwdless.session.fresh_login import fresh_login
from django_pwdless.session.login_record import LoginRecord, SignInEntry
from django_pwdless.session.pending_login import (
    FACTORS,
    IDENTITY_ADD,
    LOGIN,
    RECONFIRM,
    STEP_UP,
    PendingLogin,
    forget_begun,
)
from django_pwdless.session.web_session import (
    is_session_of,
    own_user_pk,
    renew_session_key,
    session_pk_of,
)
from django_pwdless.sign_ins.beginning import Login, announce, confirm
from django_pwdless.sign_ins.ending import require_standing
from django_pwdless.tokens.keeping import keeper

from .attempts import Attempt
from .own_factors.listing import arrive
from .second_factor.choice import begin_second_factor

# A moment before any that a limit could reach back to.
LONG_AGO = 0.0


@dataclass(frozen=True)
class Proof:
    """Who somebody has proven to be: by tokens that were asked for at a time (UNIX seconds).

    ``mfa_factor`` names the second factor that was proven on our own pages.
    """

    identity: Identity
    claims: Claims
    tokens: TokenSet
    asked_at: float
    mfa_factor: str


def exchange_and_complete(
    request: HttpRequest,
    current: Attempt,
    pending: PendingLogin,
    client: Auth0Client,
    exchange: Callable[[], TokenSet],
    *,
    nonce: str | None = None,
    max_age: int | None = None,
    mfa_factor: str = "",
) -> None:
    """Fetch tokens and complete what is pending, or begin the second factor Auth0 asks for.

    ``pending.mfa`` tells which. ``nonce`` and ``max_age`` are those that were sent; ``mfa_factor``
    names the second factor that was proven on our own pages. Raises ``InvalidToken``,
    ``LoginRefused``, ``Misconfigured``, or ``Unavailable`` where the tenant's keys cannot be had.
    """
    # A site that forgot it finds out before a code is spent.
    backend, path = site_backend()
    asked_at = time.time()
    try:
        tokens = exchange()
    except MFARequired as required:
        if not conf.CUSTOMIZE_MFA:
            raise
        begin_second_factor(request, pending, required, nonce=nonce, max_age=max_age)
        return
    pending.mfa = ""
    claims = client.verify_id_token(tokens.id_token, nonce=nonce, max_age=max_age)
    current.username = current.username or verified_email(claims)
    if pending.kind != LOGIN:
        _check_same_person(request, pending, claims)
    if pending.kind == IDENTITY_ADD:
        _add_identity(request, pending, claims, backend)
        return
    identity = backend.identify(claims, connection=pending.connection)
    _sign_in(request, pending, Proof(identity, claims, tokens, asked_at, mfa_factor), path)
    if pending.kind == FACTORS:
        arrive(request, tokens, subject_digest(claims["iss"], claims["sub"]))


def _check_same_person(request: HttpRequest, pending: PendingLogin, claims: Claims) -> None:
    """What a signed-in person began ends with the same person, and creates nobody."""
    require_standing(request)
    if pending.user_pk is None or pending.user_pk != own_user_pk(request):
        raise LoginRefused("denied")
    if pending.kind != IDENTITY_ADD:
        identity = find(claims["iss"], claims["sub"])
        if identity is None or not is_session_of(request, identity.user):
            raise LoginRefused("denied")


def _add_identity(
    request: HttpRequest, pending: PendingLogin, claims: Claims, backend: PasswordlessBackend
) -> None:
    renew_session_key(request)
    is_still_theirs = partial(_is_still_theirs, request, backend)
    identity, is_new = add_identity(request.user, claims, pending.connection, is_still_theirs)
    forget_begun(request)
    if is_new:
        tell(_happened(request, pending, identity)(IDENTITY_ADDED))
        messages.success(request, _("Sign-in method added."), fail_silently=True)
    else:
        text = _("You already have this sign-in method.")
        messages.info(request, text, fail_silently=True)


def _is_still_theirs(request: HttpRequest, backend: PasswordlessBackend, user: Any) -> bool:
    """Whether the session is still good for this user, and its login still fresh."""
    password_hash = request.session.get(auth.HASH_SESSION_KEY, "")
    has_same_password = constant_time_compare(password_hash, user.get_session_auth_hash())
    is_fresh = fresh_login(request) is not None
    return is_fresh and has_same_password and backend.user_can_authenticate(user)


def _sign_in(request: HttpRequest, pending: PendingLogin, proof: Proof, path: str) -> None:
    """Sign in who was proven; a new login replaces the old one with its session."""
    identity, user = proof.identity, proof.identity.user
    record = _record(request, pending, proof)
    login = _login(request, pending, proof, record) if conf.SIGN_INS else None
    # Before the session is kept under a new key, to which nothing of it belongs.
    forget_begun(request)
    record.announce(request)
    if login is not None:
        announce(request, login)
    if auth.SESSION_KEY in request.session:
        # Django keeps the key of a person who signs in again.
        if pending.kind == LOGIN:
            request.session.flush()
        else:
            renew_session_key(request)
            if login is not None:
                confirm(request, user, login)
    # Changes the session key, also of an anonymous session (session fixation).
    auth.login(request, user, backend=path)
    reason = {LOGIN: "", FACTORS: STEP_UP}.get(pending.kind, pending.kind)
    happened = _happened(request, pending, identity)
    if identity.is_new:
        tell(happened(IDENTITY_ADDED))
    tell(happened(SIGN_IN, reason=reason))


def _record(request: HttpRequest, pending: PendingLogin, proof: Proof) -> LoginRecord:
    """Return what the session is to know of how and when its person has proven themselves."""
    at, mfa_at, method = time.time(), None, pending.method
    if method == UNIVERSAL:
        at, mfa_at = _hosted_time(proof.claims), _hosted_mfa_time(proof.claims)
    if proof.mfa_factor:
        mfa_at = time.time()
    if pending.kind == RECONFIRM:
        # A login that came by a redirect stays one when confirmed: Auth0 keeps its session.
        before = LoginRecord.of_session(request)
        method = before.method if before is not None and before.came_by_redirect else method
    return LoginRecord(session_pk_of(proof.identity.user), at, method, mfa_at, proof.mfa_factor)


def _login(request: HttpRequest, pending: PendingLogin, proof: Proof, record: LoginRecord) -> Login:
    """Return what the row of the sign-in is to know."""
    keep = None
    if conf.TOKENS and pending.kind != FACTORS:
        # The access token of a step-up for factors is for nothing else, and kept elsewhere.
        keep = keeper(proof.tokens, proof.claims["sub"], proof.asked_at)
    return Login(
        proof.identity,
        record.method,
        proof.mfa_factor,
        session_id(proof.claims),
        replaced=SignInEntry.load(request),
        tokens=keep,
    )


def _happened(
    request: HttpRequest, pending: PendingLogin, identity: Identity
) -> Callable[..., Outcome]:
    """Return what makes an outcome of this identity's, given its kind."""
    return partial(
        Outcome,
        request=request,
        method=pending.method,
        user_pk=identity.user_id,
        identifier=identifier_of(identity.email or identity.phone_number),
        identity=identity,
    )


def _hosted_mfa_time(claims: Claims) -> float | None:
    """Return when Auth0's own pages saw a second factor; None where they say nothing of one.

    Only tokens of Universal Login say so, in ``amr`` (OpenID Connect Core 1.0, section 2).
    """
    amr = claims.get("amr")
    return _hosted_time(claims) if isinstance(amr, list) and "mfa" in amr else None


def _hosted_time(claims: Claims) -> float:
    """Return when the person proved themselves on Auth0's own pages.

    An older session at Auth0 may have answered for them, so that only ``auth_time``, which a
    ``max_age`` asks for, tells when: without it the proof counts as older than any limit.
    """
    auth_time: Any = claims.get("auth_time")
    # NaN, which Python reads from JSON, is not at or after anything; True is no number.
    if type(auth_time) not in (int, float) or not auth_time >= LONG_AGO:
        return LONG_AGO
    now = time.time()
    return now if auth_time > now else float(auth_time)
