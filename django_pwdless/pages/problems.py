"""From an exception to the words that say what happened and where to go on.

Texts are ours alone: nothing Auth0 wrote and nothing of the query string is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from django_pwdless import exceptions as exc


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
    _("Signing in does not work right now"),
    _("This is our fault, not yours. Please try again in a moment."),
)
_NOT_DELIVERED = Problem(
    "not_delivered",
    503,
    _("The message could not be sent"),
    _("Please try again in a moment."),
)
_TOO_MANY_ATTEMPTS = Problem(
    "too_many_attempts",
    429,
    _("Too many attempts"),
    _("For safety, signing in is paused for now. Please try again later."),
)
_VERIFICATION_REQUIRED = Problem(
    "verification_required",
    403,
    _("One more check is needed"),
    _("It cannot be done on this page."),
    offers_universal=True,
)
_REFUSED = Problem(
    "refused",
    403,
    _("You cannot be signed in"),
    _("Please contact the people who run this site if you think that this is wrong."),
)
_NOT_SIGNED_IN = Problem(
    "not_signed_in",
    403,
    _("You were not signed in"),
    _("You can try again, in the same way or in another."),
    offers_universal=True,
)
_CONFLICT = Problem(
    "conflict",
    403,
    _("This address may already have an account"),
    _(
        "Please sign in the way you did before. Then you can add this way of signing in to your "
        "account."
    ),
)
_TAKEN = Problem(
    "identity_taken",
    403,
    _("This cannot be added"),
    _("It cannot be used for your account. Nothing was changed."),
)
_LINK_TITLE = _("This link cannot be used")
_CALLBACKS = {
    "state_unknown": Problem(
        "state_unknown",
        400,
        _LINK_TITLE,
        _(
            "A link works once, for a while, and only in the browser where it was asked for. "
            "Please start again here."
        ),
    ),
    "link_expired": Problem(
        "link_expired",
        400,
        _LINK_TITLE,
        _("It has expired, was used already, or a newer one was sent. Please start again."),
    ),
    "link_unusable": Problem(
        "link_unusable",
        400,
        _LINK_TITLE,
        _("It came without what is needed to sign you in. Please start again."),
    ),
}
_MFA = Problem(
    "mfa_required",
    403,
    _("A second step is needed"),
    _("Your account asks for a second step that this page does not offer."),
    offers_universal=True,
)

_WRONG_CODES: dict[type[exc.InvalidCode], str | Promise] = {
    exc.InvalidCode: _("That is not the right code. Please check it and try again."),
    exc.CodeExpired: _("This code has expired. Please send a new code."),
    exc.CodeExhausted: _("This code was tried too often. Please send a new code."),
}
#: Said of an address or number that Auth0 does not take.
UNDELIVERABLE = _("No message can be sent there. Please check it.")
#: Said of a second factor that is gone.
WAY_GONE = _("That way cannot be used now. Please choose another.")
_LAST_CODE = _("That is not the right code. Please start again.")


def wrong_code_text(error: exc.InvalidCode, *, tries_left: int | None = None) -> str | Promise:
    """Return what is said at the field of a wrong code, and what to do.

    With no ``tries_left`` for the whole login, no other code will do.
    """
    return _LAST_CODE if tries_left == 0 else _WRONG_CODES[type(error)]


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
        _("Please wait a moment"),
        _("That was too often in a short time."),
        retry_after=retry_after,
    )
