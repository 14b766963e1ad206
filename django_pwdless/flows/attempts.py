"""One failed attempt, one report: what signals and the log hear of a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from django_pwdless import signals
from django_pwdless.exceptions import (
    AccessDenied,
    CallbackRefused,
    InvalidCode,
    InvalidToken,
    LoginRefused,
    MFARejected,
    MFARequired,
    TooManyAttempts,
    UserBlocked,
    VerificationRequired,
)
from django_pwdless.pages.owner_log import tell_owner_of_token
from django_pwdless.session.pending_login import PendingLogin


@dataclass
class Attempt:
    """One try to sign in; ``username`` is the identifier where it is known, else empty."""

    username: str = field(repr=False)


@contextmanager
def attempt(request: HttpRequest, username: str = "") -> Iterator[Attempt]:
    """Report a failure inside exactly once, and turn it into what the person gets.

    A refusal wipes the pending login and raises ``LoginRefused``; a blocked person looks like a
    wrong code, ``InvalidCode``; outages and limits pass as they are.
    """
    current = Attempt(username)
    try:
        yield current
    except (InvalidCode, MFARejected, VerificationRequired, CallbackRefused):
        _failed(request, current)
        raise
    except UserBlocked as error:
        _refused(request, current, "blocked")
        raise InvalidCode from error
    except TooManyAttempts:
        _refused(request, current, "blocked")
        raise
    except (AccessDenied, InvalidToken, MFARequired, LoginRefused) as error:
        PendingLogin.clear(request)
        refusal = _as_refusal(error)
        _refused(request, current, refusal.reason)
        raise refusal from error


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
    _failed(request, current)


def _failed(request: HttpRequest, current: Attempt) -> None:
    user_login_failed.send(
        sender=__name__, credentials={"username": current.username}, request=request
    )
