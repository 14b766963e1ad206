"""Answers to a second factor: a typed code, or a push notification that is asked about."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from django_pwdless import signals
from django_pwdless.auth0.types import TokenSet
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
    Unavailable,
)
from django_pwdless.flows.mfa_policy import RECOVERY_CODE
from django_pwdless.limits import rates
from django_pwdless.limits.shared_cache import claim
from django_pwdless.provider import get_caller, get_client
from django_pwdless.session.pending_login import PendingLogin
from django_pwdless.session.pending_mfa import Challenge, PendingMFA
from django_pwdless.session.recovery_codes import RecoveryCodes
from django_pwdless.session.session_key import save_session

from .attempts import Attempt, attempt, typed_code
from .completion import exchange_and_complete


def verify_factor(
    request: HttpRequest, pending: PendingLogin, second: PendingMFA, code: str
) -> PendingLogin:
    """Answer the shown challenge with a code and complete what is pending; return that.

    ``pending`` and ``second`` are what ``PendingMFA.require`` has just returned. Where Auth0 asks
    for another factor, ``pending.mfa`` is set again. Raises ``StepMissing``, ``InvalidCode``,
    ``LoginRefused``, and whatever limits and outages stand between.
    """
    if not second.require_challenge().needs_code:
        raise StepMissing
    rates.consume(request, "mfa", pending=pending.id)
    with typed_code(request, pending) as current:
        _answer(request, current, pending, second, code)
    return pending


def _answer(
    request: HttpRequest,
    current: Attempt,
    pending: PendingLogin,
    second: PendingMFA,
    code: str | None,
) -> None:
    """Exchange the answer for tokens and complete; keep new recovery codes for the person."""
    shown = second.require_challenge()
    exchange_and_complete(
        request,
        current,
        pending,
        lambda: _fetch_tokens(request, second, code),
        nonce=second.nonce,
        max_age=second.max_age,
        mfa_factor=shown.factor,
    )
    if not pending.mfa:
        RecoveryCodes.keep(request, second.recovery_codes)
        signals.mfa_verified.send(
            sender=get_user_model(), request=request, user=request.user, factor=shown.factor
        )


def _fetch_tokens(request: HttpRequest, second: PendingMFA, code: str | None) -> TokenSet:
    tokens = _exchange(request, second.mfa_token, second.require_challenge(), code)
    if tokens.recovery_code:
        # In place of the one that was used.
        second.recovery_codes.append(tokens.recovery_code)
    return tokens


def _exchange(request: HttpRequest, mfa_token: str, shown: Challenge, code: str | None) -> TokenSet:
    client, caller = get_client(), get_caller(request)
    # Auth0 tells its answer once: without keys to read it, it would be lost, and with that of a
    # recovery code the new one.
    client.prepare_keys()
    mfa = client.mfa
    if shown.factor == "otp":
        return mfa.verify_app_code(mfa_token, code or "", caller=caller)
    if shown.factor == RECOVERY_CODE:
        return mfa.verify_recovery_code(mfa_token, code or "", caller=caller)
    return mfa.verify_out_of_band(mfa_token, shown.oob_code or "", code, caller=caller)


@dataclass(frozen=True)
class Poll:
    """What a push notification has come to.

    ``status`` is ``pending``, ``approved``, ``rejected`` or ``expired``; ``interval`` seconds.
    ``error`` is why an approved one did not let the person in, or why nobody can tell yet.
    """

    status: str
    interval: int
    error: PwdlessError | None = None


def poll_push(request: HttpRequest) -> tuple[Poll, PendingLogin]:
    """Ask Auth0 about the shown push notification, where it is time to.

    Raises ``StepMissing`` where none is shown.
    """
    pending, second = PendingMFA.require(request)
    shown = second.require_challenge()
    if shown.needs_code or shown.oob_code is None:
        raise StepMissing
    if shown.poll_wait > 0 or not _is_next_poll(pending, shown):
        return Poll("pending", shown.interval), pending
    shown.last_call_at, before = time.time(), pending.mfa
    status, error = _ask(request, pending, second, shown)
    if pending.mfa not in ("", before) and not isinstance(error, LoginRefused):
        # Approved: what went wrong came after it, with the next factor, whose page tries again.
        return Poll("approved", shown.interval), pending
    is_dead = status == "rejected" and error is None
    if is_dead:
        # Remembered all the same: another one waits for the cooldown.
        shown.oob_code = second.current = None
    if is_dead or status == "pending":
        second.save(request, pending)
    if status != "approved":
        save_session(request)
    return Poll(status, shown.interval, error), pending


def _ask(
    request: HttpRequest, pending: PendingLogin, second: PendingMFA, shown: Challenge
) -> tuple[str, PwdlessError | None]:
    try:
        with attempt(request, pending) as current:
            _answer(request, current, pending, second, None)
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


def _is_next_poll(pending: PendingLogin, shown: Challenge) -> bool:
    """Whether no other request of this login asks right now."""
    try:
        return claim(f"pwdless:poll:{pending.id}", shown.interval)
    except LimitsUnavailable:
        return conf.RATE_LIMIT_FAIL_OPEN
