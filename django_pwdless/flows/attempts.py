"""What a "no" of Auth0's means to whoever tried: counted, reported, and told; the one place for it.

Auth0's client raises what was meant. Here it becomes what the person gets: ``attempt`` at any step,
inside ``typed_code``, ``typed_code_anywhere`` and ``came_back`` what it means at theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from django_pwdless import signals
from django_pwdless.events.outcome import LIMITED, REFUSED, Outcome
from django_pwdless.events.telling import tell
from django_pwdless.exceptions import (
    AccessDenied,
    CallbackRefused,
    CodeExhausted,
    CodeExpired,
    InvalidCode,
    InvalidToken,
    LoginRefused,
    MFAExpired,
    MFARejected,
    MFARequired,
    RateLimited,
    SlowDown,
    TooManyAttempts,
    UserBlocked,
    VerificationRequired,
)
from django_pwdless.identifiers.identifier import identifier_of
from django_pwdless.pages.owner_log import tell_owner_of_token
from django_pwdless.session.pending_login import FACTORS, STEP_UP, PendingLogin


@dataclass
class Attempt:
    """One try to sign in; ``username`` is the identifier where it is known, else empty.

    ``method`` is a value of ``METHODS``, or the second factor that is tried.
    """

    username: str = field(repr=False)
    method: str = ""


@contextmanager
def typed_code(request: HttpRequest, pending: PendingLogin) -> Iterator[Attempt]:
    """An attempt by a code of the pending login: a wrong one uses up one of its tries.

    Of the first factor's, our own count and clock say what is wrong with it: Auth0 says so only of
    a code that it has sent, and that tells who has an account.
    """
    is_first_factor = not pending.mfa
    try:
        with attempt(request, pending) as current:
            try:
                yield current
            except (InvalidCode, UserBlocked):
                pending.count_wrong_try()
                pending.save_at_once(request)
                raise
    except InvalidCode as error:
        if not is_first_factor:
            raise
        raise _by_our_count(pending) from error


def _by_our_count(pending: PendingLogin) -> InvalidCode:
    if pending.tries_left == 0:
        return CodeExhausted()
    return CodeExpired() if pending.is_code_old else InvalidCode()


@contextmanager
def typed_code_anywhere(request: HttpRequest, pending: PendingLogin) -> Iterator[Attempt]:
    """An attempt by a code that no login of this session asked for: it is wrong, and no more."""
    try:
        with attempt(request, pending) as current:
            yield current
    except InvalidCode as error:
        pending.count_wrong_try()
        raise InvalidCode from error


@contextmanager
def came_back(request: HttpRequest, pending: PendingLogin) -> Iterator[Attempt]:
    """An attempt by a redirect: nothing was typed that could be wrong, so the link is, or nothing.

    Who comes back is not known before the ID token says so.
    """
    with attempt(request, pending, username="") as current:
        try:
            yield current
        except InvalidCode as error:
            raise CallbackRefused("link_expired") from error
        except UserBlocked as error:
            raise LoginRefused("blocked") from error


@contextmanager
def attempt(
    request: HttpRequest, pending: PendingLogin, username: str | None = None
) -> Iterator[Attempt]:
    """Report a failure inside exactly once, and turn it into what the person gets.

    ``username`` is what signals name, by default whom the login is for. A refusal wipes the
    pending login, but for a step-up's, and raises ``LoginRefused``; a blocked person looks like a
    wrong code, ``InvalidCode``; an ``mfa_token`` that is over, ``StepMissing``, is no failure;
    outages and limits pass as they are.
    """
    username = pending.identifier if username is None else username
    current = Attempt(username, pending.method)
    try:
        yield current
    except MFAExpired:
        if not pending.mfa:
            raise
        pending.time_out(request)
    except (InvalidCode, MFARejected, VerificationRequired, CallbackRefused) as error:
        _failed(request, current, _why(error))
        raise
    except RateLimited as error:
        tell_of_auth0_limit(request, error, current)
        raise
    except UserBlocked as error:
        _refused(request, current, "blocked")
        raise InvalidCode from error
    except TooManyAttempts:
        _refused(request, current, "blocked")
        raise
    except (AccessDenied, InvalidToken, MFARequired, LoginRefused) as error:
        _forget(request, pending)
        refusal = _as_refusal(error)
        _refused(request, current, refusal.reason)
        raise refusal from error


def _why(error: Exception) -> str:
    """Return why nobody was signed in, where nobody was refused either."""
    match error:
        case CallbackRefused():
            return error.outcome
        case MFARejected():
            return "rejected"
        case VerificationRequired():
            return "verification_required"
    # What Auth0 says more of a code tells who has an account.
    return "code"


def tell_of_auth0_limit(request: HttpRequest, error: RateLimited, current: Attempt) -> None:
    """Auth0 itself asks to wait; to poll a little too fast is no more than that."""
    if not isinstance(error, SlowDown):
        who = identifier_of(current.username)
        once = (f"auth0:{current.method}:{who.key if who else ''}", error.retry_after)
        tell(Outcome(LIMITED, request, current.method, "auth0", identifier=who, once=once))


def _forget(request: HttpRequest, refused: PendingLogin) -> None:
    """Wipe the pending login; who only had to prove more keeps what else they have begun."""
    kept = PendingLogin.load(request) if refused.kind in (STEP_UP, FACTORS) else None
    if kept is None or kept.id == refused.id:
        PendingLogin.clear(request)


def _as_refusal(error: Exception) -> LoginRefused:
    match error:
        case LoginRefused():
            return error
        case InvalidToken():
            tell_owner_of_token(error)
            return LoginRefused("token")
        case MFARequired():
            return LoginRefused("mfa")
    return LoginRefused("denied")


def _refused(request: HttpRequest, current: Attempt, reason: str) -> None:
    signals.login_refused.send(sender=get_user_model(), request=request, reason=reason)
    _failed(request, current, reason)


def _failed(request: HttpRequest, current: Attempt, reason: str) -> None:
    who = identifier_of(current.username)
    tell(Outcome(REFUSED, request, current.method, reason, identifier=who))
    user_login_failed.send(
        sender=__name__, credentials={"username": current.username}, request=request
    )
