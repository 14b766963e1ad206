"""From an exception to the words that say what happened and where to go on.

Texts are ours alone: nothing Auth0 wrote and nothing of the query string is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from django_pwdless import exceptions as exc

from .clock import try_again_in


@dataclass(frozen=True)
class Problem:
    """What a problem page says; ``outcome`` is a stable code, ``retry_after`` seconds or None.

    ``offers_universal`` where Universal Login, if the site has it, is the way on.
    """

    outcome: str
    status: int
    title: str | Promise
    text: str | Promise
    retry_after: int | None = None
    offers_universal: bool = False


_UNAVAILABLE = Problem(
    "unavailable",
    503,
    _("Sign-in is not working"),
    _("The problem is on our side. Try again in a few minutes."),
)
_NOT_DELIVERED = Problem(
    "not_delivered",
    503,
    _("We could not send the message"),
    _("Try again in a few minutes."),
)
_TOO_MANY_ATTEMPTS = Problem(
    "too_many_attempts",
    429,
    _("Too many tries"),
    _("To protect your account, we paused sign-in. Try again later."),
)
_VERIFICATION_REQUIRED = Problem(
    "verification_required",
    403,
    _("We need one more check"),
    _("Your sign-in needs a check that we cannot do on this page."),
    offers_universal=True,
)
_REFUSED = Problem(
    "refused",
    403,
    _("We could not sign you in"),
    _("If you think this is a mistake, contact us."),
)
_NOT_SIGNED_IN = Problem(
    "not_signed_in",
    403,
    _("You’re not signed in"),
    _("Try again, or use another sign-in method."),
    offers_universal=True,
)
_CONFLICT = Problem(
    "conflict",
    403,
    _("You may already have an account"),
    _("Sign in the way you did before, then add this sign-in method."),
)
_TAKEN = Problem(
    "identity_taken",
    403,
    _("We could not add this sign-in method"),
    _("Your account has not changed. Use another address or number."),
)
_LINK_TITLE = _("This link does not work")
_CALLBACKS = {
    "state_unknown": Problem(
        "state_unknown",
        400,
        _LINK_TITLE,
        _(
            "A link works once, for a short time, and only in the browser where you asked to sign "
            "in. Start again here."
        ),
    ),
    "link_expired": Problem(
        "link_expired",
        400,
        _LINK_TITLE,
        _("The link has expired, or you used it before, or there is a newer link. Start again."),
    ),
    "link_unusable": Problem(
        "link_unusable",
        400,
        _LINK_TITLE,
        _("Part of the link is missing. Copy the whole link, or start again."),
    ),
}
_MFA = Problem(
    "mfa_required",
    403,
    _("Second step needed"),
    _("Your account needs a second step that we cannot do on this page."),
    offers_universal=True,
)

# Where a wrong code was read, which is the place to look again.
MESSAGE, ADDRESS = "message", "address"
_WRONG_CODES: dict[str, str | Promise] = {
    MESSAGE: _("That code is not right. Check your newest message."),
    # A code was typed beside the address it was sent to: either can be wrong.
    ADDRESS: _("That code does not belong to that address. Check both."),
    "otp": _("That code is not right. Check your authenticator app."),
    "recovery-code": _("That code is not right. Check the recovery code you saved."),
}
_DEAD_CODES: dict[type[exc.InvalidCode], str | Promise] = {
    exc.CodeExpired: _("This code has expired. Send a new code."),
    exc.CodeExhausted: _("Too many wrong codes. Send a new code."),
}
_LAST_CODE = _("That code is not right. Start again.")
# Auth0 sends nothing to a person's own address or number.
UNDELIVERABLE = _("We cannot send messages there. Check the address or number, or use another.")
# A second factor that was there a moment ago.
WAY_GONE = _("That option is not available now. Choose another.")


def wrong_code_text(
    error: exc.InvalidCode, *, source: str = MESSAGE, tries_left: int | None = None
) -> str | Promise:
    """Return what is said at the field of a wrong code, and what to do.

    ``source`` is where the code was read: a factor, ``MESSAGE``, or ``ADDRESS`` where the address
    was typed beside it. With no ``tries_left`` for the whole login, no other code will do.
    """
    if tries_left == 0:
        return _LAST_CODE
    return _DEAD_CODES.get(type(error)) or _WRONG_CODES.get(source, _WRONG_CODES[MESSAGE])


def problem_from(error: exc.PwdlessError) -> Problem:
    """Return the page for an exception that no form could show."""
    match error:
        case exc.LimitExceeded() | exc.RateLimited():
            return _rate_limited(error.retry_after)
        case exc.TooManyAttempts():
            return _TOO_MANY_ATTEMPTS
        case exc.DeliveryFailed():
            return _NOT_DELIVERED
        case exc.VerificationRequired():
            return _VERIFICATION_REQUIRED
        case exc.CallbackRefused():
            return _CALLBACKS[error.outcome]
        case exc.LoginRefused():
            return _refused(error)
        case exc.AccessDenied() | exc.InvalidToken():
            return _REFUSED
    return _UNAVAILABLE


def _refused(error: exc.LoginRefused) -> Problem:
    match error:
        case exc.IdentityTaken():
            return _TAKEN
        case exc.NotSignedIn():
            return _NOT_SIGNED_IN
    return {"conflict": _CONFLICT, "mfa": _MFA}.get(error.reason, _REFUSED)


def _rate_limited(retry_after: int) -> Problem:
    return Problem(
        "rate_limited",
        429,
        _("Too many tries"),
        try_again_in(retry_after),
        retry_after=retry_after,
    )
