"""The answer to a second factor, at a login or where one is added: a code, or an approved push."""

from __future__ import annotations

from functools import partial

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from django_pwdless import signals
from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.types import TokenSet
from django_pwdless.events.outcome import MFA_VERIFIED, Outcome
from django_pwdless.events.telling import tell
from django_pwdless.exceptions import StepMissing
from django_pwdless.limits import rates
from django_pwdless.provider import get_caller, get_client
from django_pwdless.session.login_record import RecoveryCodes
from django_pwdless.session.pending_login import FACTOR_ADD, PendingLogin
from django_pwdless.session.pending_mfa import Challenge, PendingMFA

from .attempts import Attempt, typed_code
from .completion import exchange_and_complete
from .own_factors.adding import confirm
from .second_factor.policy import RECOVERY_CODE
from .second_factor.telling import tell_added


def verify_factor(
    request: HttpRequest, pending: PendingLogin, mfa: PendingMFA, code: str
) -> PendingLogin:
    """Answer the shown challenge with a code and complete what is pending; return that.

    ``mfa`` is what ``PendingMFA.of`` has just returned of ``pending``. Where Auth0 asks
    for another factor, ``pending.mfa`` is set again. Raises ``StepMissing``, ``InvalidCode``,
    ``LoginRefused``, and whatever limits and outages stand between.
    """
    if not mfa.require_challenge().needs_code:
        raise StepMissing
    rates.consume(request, "mfa", pending=pending.id)
    with typed_code(request, pending) as current:
        answer(request, current, pending, mfa, code)
    return pending


def answer(
    request: HttpRequest,
    current: Attempt,
    pending: PendingLogin,
    mfa: PendingMFA,
    code: str | None,
) -> None:
    """Exchange the answer for tokens and complete; keep new recovery codes for the person.

    A push notification that is asked about has no ``code``.
    """
    shown = mfa.require_challenge()
    current.method = shown.factor
    if pending.kind == FACTOR_ADD:
        confirm(request, pending, mfa, code)
        return
    client = get_client()
    exchange_and_complete(
        request,
        current,
        pending,
        client,
        partial(_fetch_tokens, client, request, mfa, code),
        nonce=mfa.nonce,
        max_age=mfa.max_age,
        mfa_factor=shown.factor,
    )
    if not pending.mfa:
        RecoveryCodes.keep(request, mfa.recovery_codes)
        _tell(request, shown)
        signals.mfa_verified.send(
            sender=get_user_model(), request=request, user=request.user, factor=shown.factor
        )


def _tell(request: HttpRequest, shown: Challenge) -> None:
    """The person is known by now; a factor that was set up on the way is theirs."""
    if shown.is_enrollment:
        tell_added(request, shown.factor)
    tell(Outcome(MFA_VERIFIED, request, shown.factor, user_pk=request.user.pk))


def _fetch_tokens(
    client: Auth0Client, request: HttpRequest, mfa: PendingMFA, code: str | None
) -> TokenSet:
    tokens = _exchange(client, request, mfa.mfa_token, mfa.require_challenge(), code)
    if tokens.recovery_code:
        # In place of the one that was used.
        mfa.recovery_codes.append(tokens.recovery_code)
    return tokens


def _exchange(
    client: Auth0Client, request: HttpRequest, mfa_token: str, shown: Challenge, code: str | None
) -> TokenSet:
    api, caller = client.mfa, get_caller(request)
    if shown.factor == "otp":
        return api.verify_app_code(mfa_token, code or "", caller=caller)
    if shown.factor == RECOVERY_CODE:
        return api.verify_recovery_code(mfa_token, code or "", caller=caller)
    return api.verify_out_of_band(mfa_token, shown.oob_code or "", code, caller=caller)
