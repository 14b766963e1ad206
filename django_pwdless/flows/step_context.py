"""What each step has to say: the context of its page, whose names other front ends keep.

Forms and addresses are a front end's own.
"""

from __future__ import annotations

import math
from typing import Any

from django_pwdless.conf import conf
from django_pwdless.limits.rates import tries_of
from django_pwdless.pages.mfa_labels import describe_authenticator, describe_factor
from django_pwdless.pages.qr_codes import qr_svg
from django_pwdless.session.pending_login import PendingLogin
from django_pwdless.session.pending_mfa import Challenge, PendingMFA

from .second_factor.choice import usable_authenticators
from .sending import may_send_code_instead


def code_context(pending: PendingLogin) -> dict[str, Any]:
    """Return what is said where a first factor's code is typed."""
    return {
        **any_device_context(pending),
        "identifier": pending.identifier,
        "connection": pending.connection,
        "code_length": conf.CODE_LENGTH,
        "code_lifetime": math.ceil(conf.CODE_LIFETIME),
    }


def any_device_context(pending: PendingLogin | None) -> dict[str, Any]:
    """Return whose code is meant and what is left of it, where a login of this session knows."""
    return {
        "masked_identifier": pending.to_identifier().masked if pending else None,
        "tries_left": pending.tries_left if pending else None,
        "is_code_old": pending.is_code_old if pending else False,
        "resend_wait": pending.resend_wait if pending else 0,
    }


def link_context(pending: PendingLogin) -> dict[str, Any]:
    """Return what is said where a link is waited for."""
    return {
        "identifier": pending.identifier,
        "masked_identifier": pending.to_identifier().masked,
        "resend_wait": pending.resend_wait,
        "code_instead": may_send_code_instead(pending),
    }


def choice_context(mfa: PendingMFA) -> dict[str, Any]:
    """Return the second factors to choose from and the time that is left."""
    usable = usable_authenticators(mfa)
    return {
        "authenticators": [describe_authenticator(item) for item in usable],
        "expires_in": mfa.expires_in,
    }


def enrollment_context(mfa: PendingMFA, names: list[str]) -> dict[str, Any]:
    """Return the second factors of these names, to enroll, and the time that is left."""
    return {"factors": [describe_factor(name) for name in names], "expires_in": mfa.expires_in}


def answer_context(
    pending: PendingLogin, mfa: PendingMFA, *, with_secrets: bool = True
) -> dict[str, Any]:
    """Return what is said where a second factor is answered; raises ``StepMissing``.

    What sets up an authenticator only ``with_secrets``.
    """
    shown = mfa.require_challenge()
    return {
        "factor": shown.factor,
        "channel": shown.channel,
        "hint": shown.hint,
        "tries_left": tries_of("mfa", pending.wrong_tries),
        "resend_wait": shown.resend_wait,
        "can_resend": shown.can_resend,
        "expires_in": mfa.expires_in,
        "interval": shown.interval,
        **(_shown_once(shown) if with_secrets else {}),
    }


def _shown_once(shown: Challenge) -> dict[str, Any]:
    """Return what sets up an authenticator."""
    uri = shown.barcode_uri or ""
    return {
        "secret": shown.secret,
        # It becomes a link: nothing but what an authenticator app opens.
        "otpauth_url": uri if shown.secret and uri.startswith("otpauth://") else None,
        "qr_svg": qr_svg(uri),
    }
