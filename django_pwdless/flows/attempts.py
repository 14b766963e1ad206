"""One failed attempt, one report: what signals and the log hear of a refusal."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from django_pwdless import signals
from django_pwdless.exceptions import (
    AccessDenied,
    InvalidCode,
    InvalidToken,
    LoginRefused,
    MFARequired,
    TooManyAttempts,
    UserBlocked,
    VerificationRequired,
)
from django_pwdless.pending import PendingLogin

logger = logging.getLogger("django_pwdless")


@contextmanager
def attempt(request: HttpRequest, username: str) -> Iterator[None]:
    """Report a failure inside exactly once, and turn it into what the person gets.

    ``username`` is the identifier as the site may know it; empty where there is none. A refusal
    wipes the pending login; a blocked person looks like a wrong code; outages and limits pass.
    """
    try:
        yield
    except (InvalidCode, VerificationRequired):
        _failed(request, username)
        raise
    except UserBlocked as error:
        _refused(request, username, "blocked")
        raise InvalidCode from error
    except TooManyAttempts:
        _refused(request, username, "blocked")
        raise
    except (AccessDenied, InvalidToken, MFARequired, LoginRefused) as error:
        PendingLogin.clear(request)
        refusal = _as_refusal(error)
        _refused(request, username, refusal.reason)
        raise refusal from error


def _as_refusal(error: Exception) -> LoginRefused:
    match error:
        case LoginRefused():
            return error
        case InvalidToken():
            # The class names the rule; its text never quotes the token.
            logger.error("An ID token was refused: %s (%s)", error, type(error).__name__)
            return LoginRefused("token")
        case MFARequired():
            return LoginRefused("mfa")
    return LoginRefused("denied")


def _refused(request: HttpRequest, username: str, reason: str) -> None:
    signals.login_refused.send(sender=get_user_model(), request=request, reason=reason)
    _failed(request, username)


def _failed(request: HttpRequest, username: str) -> None:
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)
