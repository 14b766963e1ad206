"""What people get, by what an answer of Auth0's means and by the step it came at.

This is the table of statuses of the documentation; nothing here knows how a page comes about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .meanings import Meaning as M


@dataclass(frozen=True)
class Gets:
    """``status`` of the answer, and what it shows or where it leads.

    ``what`` is a problem's outcome, the field that a form's error is tied to, the name of the view
    that a redirect leads to, or the ``status`` in JSON; empty where it is what it always is.
    ``keeps`` where the pending login is kept, ``goes_on`` where it goes on from where it was;
    ``is_logged`` where the site's owner reads an error.
    """

    status: int
    what: str
    keeps: bool = True
    goes_on: bool = True
    is_logged: bool = False

    @property
    def is_success(self) -> bool:
        """Whether it is what people get with nothing wrong."""
        return not self.status


SUCCESS = Gets(0, "")
UNAVAILABLE = Gets(503, "unavailable")
REFUSED = Gets(403, "refused", keeps=False)
AGAIN = Gets(302, "login", keeps=False)

EVERYWHERE: Mapping[M, Gets] = {
    M.NO_ANSWER: UNAVAILABLE,
    M.NOT_DELIVERED: Gets(503, "not_delivered"),
    M.MISCONFIGURED: Gets(503, "unavailable", is_logged=True),
    M.TOO_MANY_REQUESTS: Gets(429, "rate_limited"),
    M.TOO_MANY_ATTEMPTS: Gets(429, "too_many_attempts"),
    M.CAPTCHA: Gets(403, "verification_required"),
    M.REFUSED: REFUSED,
    M.FINE: SUCCESS,
    M.SLOWER: Gets(429, "rate_limited"),
    # Said of what this step does not have, these are answers that nobody can make sense of.
    **dict.fromkeys((M.MFA_OVER, M.GONE, M.ENROLLED, M.DENIED, M.WAITING), UNAVAILABLE),
    **dict.fromkeys((M.BAD_IDENTIFIER, M.NOBODY, M.WRONG_CODE, M.BLOCKED), UNAVAILABLE),
}

# A blocked person looks like somebody with a wrong code.
_WRONG_CODE = dict.fromkeys((M.WRONG_CODE, M.BLOCKED), Gets(200, "code"))
_SECOND = {M.MFA_OVER: AGAIN}

BY_KIND: Mapping[str, Mapping[M, Gets]] = {
    "start": {M.BAD_IDENTIFIER: Gets(200, "identifier"), M.NOBODY: SUCCESS},
    # There is no field here to say it at: the address is typed again.
    "resend": {M.BAD_IDENTIFIER: AGAIN, M.NOBODY: SUCCESS},
    "code": _WRONG_CODE,
    # Nothing was typed here that could be wrong instead.
    "callback": {M.WRONG_CODE: Gets(400, "link_expired"), M.BLOCKED: REFUSED},
    "mfa_code": {**_SECOND, **_WRONG_CODE, M.DENIED: Gets(200, "code")},
    "list": _SECOND,
    # With the only one gone there is one to set up; with others, one to choose.
    "challenge": {**_SECOND, M.GONE: Gets(302, "mfa_enroll")},
    "choose": {**_SECOND, M.GONE: Gets(302, "mfa")},
    "enroll_resend": {
        **_SECOND,
        **dict.fromkeys((M.BAD_IDENTIFIER, M.GONE), Gets(302, "mfa")),
        M.ENROLLED: Gets(302, "mfa_enroll"),
    },
    "enroll": {
        **_SECOND,
        M.BAD_IDENTIFIER: Gets(200, "phone_number"),
        M.GONE: Gets(200, "factor"),
        M.ENROLLED: Gets(302, "mfa_enroll"),
    },
    # The waiting page goes on asking while there is hope; otherwise it leads on.
    "poll": {
        **dict.fromkeys(
            (M.NO_ANSWER, M.MISCONFIGURED, M.TOO_MANY_REQUESTS, M.SLOWER, M.WAITING),
            Gets(200, "pending"),
        ),
        M.MISCONFIGURED: Gets(200, "pending", is_logged=True),
        **dict.fromkeys(
            (M.WRONG_CODE, M.BLOCKED, M.DENIED, M.TOO_MANY_ATTEMPTS), Gets(200, "rejected")
        ),
        # The first page offers Universal Login.
        M.CAPTCHA: Gets(200, "rejected", goes_on=False),
        M.REFUSED: Gets(200, "rejected", keeps=False),
        M.MFA_OVER: Gets(200, "expired", keeps=False),
    },
    "poll_by_button": {
        **dict.fromkeys(
            (M.NO_ANSWER, M.TOO_MANY_REQUESTS, M.SLOWER, M.WAITING), Gets(302, "mfa_challenge")
        ),
        M.MISCONFIGURED: Gets(302, "mfa_challenge", is_logged=True),
        **dict.fromkeys((M.WRONG_CODE, M.BLOCKED, M.DENIED), Gets(302, "mfa")),
        M.MFA_OVER: AGAIN,
    },
}

# Where a signed-in person looks after their second factors, the way back leads to that page.
_PROOF_OVER = {M.MFA_OVER: Gets(302, "factors", keeps=False)}
BY_KIND = {
    **BY_KIND,
    # Auth0 takes no token that it has given just now.
    "own_arrival": {M.MFA_OVER: Gets(503, "unavailable", keeps=False, is_logged=True)},
    "own_list": _PROOF_OVER,
    "own_enroll": {
        **_PROOF_OVER,
        M.BAD_IDENTIFIER: Gets(200, "phone_number"),
        **dict.fromkeys((M.GONE, M.ENROLLED), Gets(200, "factor")),
    },
    "own_resend": {
        **_PROOF_OVER,
        **dict.fromkeys((M.BAD_IDENTIFIER, M.GONE, M.ENROLLED), Gets(302, "mfa")),
    },
    "own_code": {**_PROOF_OVER, **_WRONG_CODE, M.DENIED: Gets(200, "code")},
    "own_poll": {
        **BY_KIND["poll"],
        M.MFA_OVER: Gets(200, "expired", keeps=False),
    },
    "own_button": {**BY_KIND["poll_by_button"], **_PROOF_OVER},
    # It is done, whatever the list says.
    "own_afterwards": dict.fromkeys(M, SUCCESS),
    "own_remove": {
        **_PROOF_OVER,
        # It stays, or is gone; the page says so.
        **dict.fromkeys((M.REFUSED, M.GONE), Gets(302, "factors")),
    },
}

# What comes back by the browser instead of a code; the switch ``callback_fault``.
AT_THE_CALLBACK: Mapping[str, Gets] = {
    "blocked": REFUSED,
    **dict.fromkeys(("access_denied", "cancelled"), Gets(403, "not_signed_in", keeps=False)),
    **dict.fromkeys(("expired", "wrong_code", "login_required"), Gets(400, "link_expired")),
    **dict.fromkeys(("consent_required", "interaction_required"), Gets(400, "link_expired")),
    "hostile_text": Gets(400, "link_expired"),
    "invalid_request": Gets(400, "link_expired", is_logged=True),
    **dict.fromkeys(("server_error", "temporarily_unavailable"), UNAVAILABLE),
    # A fragment stays in the browser.
    **dict.fromkeys(("neither", "fragment"), Gets(400, "link_unusable")),
}


def expected(kind: str, meaning: M) -> Gets:
    """What the documentation promises at this kind of step."""
    return {**EVERYWHERE, **BY_KIND[kind]}[meaning]
