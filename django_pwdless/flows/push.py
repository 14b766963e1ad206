"""Wait for a push notification: ask Auth0 what it has come to, as often as it may be asked."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.http import HttpRequest

from django_pwdless.conf import conf
from django_pwdless.exceptions import (
    InvalidCode,
    LimitsUnavailable,
    LoginRefused,
    MFAPending,
    MFARejected,
    Misconfigured,
    PwdlessError,
    RateLimited,
    SlowDown,
    StepMissing,
    TooManyAttempts,
    Unavailable,
)
from django_pwdless.limits.shared_cache import claim
from django_pwdless.session.pending_login import PendingLogin
from django_pwdless.session.pending_mfa import Challenge, PendingMFA
from django_pwdless.session.web_session import save_session

from . import steps
from .answer import answer
from .attempts import attempt


@dataclass(frozen=True)
class Poll:
    """What a push notification has come to.

    ``status`` is ``pending``, ``approved`` or ``rejected``; ``interval`` seconds; ``step`` where
    the person goes on. ``error`` is why an approved one did not let the person in, or why nobody
    can tell yet.
    """

    status: str
    interval: int
    step: str
    error: PwdlessError | None = None


def poll_push(request: HttpRequest) -> tuple[Poll, PendingLogin]:
    """Ask Auth0 about the shown push notification, where it is time to.

    Raises ``StepMissing`` where none is shown.
    """
    pending, mfa = PendingMFA.require(request)
    shown = mfa.require_challenge()
    if shown.needs_code or shown.oob_code is None:
        raise StepMissing
    if shown.poll_wait > 0 or not _is_next_poll(pending, shown):
        return Poll("pending", shown.interval, steps.WAIT_FOR_PUSH), pending
    shown.last_call_at, before = time.time(), pending.mfa
    status, error = _ask(request, pending, mfa, shown)
    if pending.mfa not in ("", before) and not isinstance(error, LoginRefused):
        # Approved: what went wrong came after it, with the next factor, whose page tries again.
        status, error = "approved", None
    else:
        _keep(request, pending, mfa, status, error)
    return Poll(status, shown.interval, _step(request, pending, status, error), error), pending


def _ask(
    request: HttpRequest, pending: PendingLogin, mfa: PendingMFA, shown: Challenge
) -> tuple[str, PwdlessError | None]:
    """Return what has come of it; where it was approved, its person is signed in."""
    try:
        with attempt(request, pending) as current:
            answer(request, current, pending, mfa, None)
    except SlowDown:
        # RFC 8628, section 3.5: five seconds more from now on.
        shown.interval += 5
        return "pending", None
    except MFAPending:
        return "pending", None
    except (Unavailable, Misconfigured, RateLimited) as error:
        return "pending", error
    except (MFARejected, InvalidCode):
        return "rejected", None
    except StepMissing:
        raise
    except PwdlessError as error:
        return "rejected", error
    return "approved", None


def _keep(
    request: HttpRequest,
    pending: PendingLogin,
    mfa: PendingMFA,
    status: str,
    error: PwdlessError | None,
) -> None:
    """Remember when it was asked, and that a denied one is over."""
    is_dead = status == "rejected" and error is None
    if is_dead:
        # Remembered all the same: another one waits for the cooldown.
        mfa.require_challenge().oob_code = mfa.current = None
    if is_dead or status == "pending":
        mfa.save(request, pending)
    if status != "approved":
        save_session(request)


def _step(
    request: HttpRequest, pending: PendingLogin, status: str, error: PwdlessError | None
) -> str:
    if status == "pending":
        return steps.WAIT_FOR_PUSH
    if status == "approved":
        return steps.step_after(request, pending)
    if error is None:
        return steps.step_of(request, pending)
    # Another factor may do.
    return steps.CHOOSE_FACTOR if isinstance(error, TooManyAttempts) else steps.IDENTIFY


def _is_next_poll(pending: PendingLogin, shown: Challenge) -> bool:
    """Whether no other request of this login asks right now."""
    try:
        return claim(f"pwdless:poll:{pending.id}", shown.interval)
    except LimitsUnavailable:
        return conf.RATE_LIMIT_FAIL_OPEN
