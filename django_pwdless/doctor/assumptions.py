"""What the app assumes of Auth0 and can be seen from outside, beside what this tenant answered.

The numbers are those of ``docs/explanation/assumptions.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django_pwdless.auth0.http.errors import Answer

from .asking.answers import is_client_refused
from .case import Case
from .entry import Entry
from .line import Finding, Line, ok, warn

#: Limits and outages say nothing of what is assumed.
ELSEWHERE = (429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Assumption:
    """One of them: ``of`` begins the ids of the probes that show it.

    ``holds`` is asked for each of their answers that ``shows`` it at all.
    """

    number: int
    words: str
    of: str
    holds: Callable[[Answer], bool]
    shows: Callable[[Answer], bool] = lambda answer: True

    def compare(self, case: Case) -> Finding | list[Line]:
        """Return what the tenant answered, beside what is assumed; nothing where nobody asked."""
        seen = [
            answer
            for name, answer in case.answers.items()
            if name.startswith(self.of) and answer.status not in ELSEWHERE and self.shows(answer)
        ]
        if not seen:
            return []
        other = next((answer for answer in seen if not self.holds(answer)), None)
        if other is None:
            return ok(f"As assumed: {self.words}.")
        found = f"{other.status} {other.error}".strip()
        return warn(f"Assumed: {self.words}. Found: {found}. Please report this line.")


def _location(answer: Answer) -> str:
    return answer.headers.get("Location", "")


ASSUMPTIONS = (
    Assumption(
        5,
        "wrong credentials are invalid_client, or access_denied with one word",
        "secret",
        is_client_refused,
        lambda answer: answer.status == 401,
    ),
    Assumption(
        10,
        "a code is exchanged without redirect_uri",
        "grant.otp.",
        lambda answer: answer.error != "invalid_request",
        lambda answer: not is_client_refused(answer),
    ),
    Assumption(
        33,
        "revoking a token that never was is answered 200",
        "secret",
        lambda answer: answer.status == 200,
        lambda answer: answer.status != 401,
    ),
    Assumption(
        34,
        "a start without address or number is refused as bad.email or bad.phone_number, or as "
        "bad.connection",
        "connection.",
        lambda answer: answer.error in ("bad.email", "bad.phone_number", "bad.connection"),
        lambda answer: not is_client_refused(answer),
    ),
    Assumption(
        35,
        "a code of nobody's is invalid_grant where the grant is on, unauthorized_client where not",
        "grant.",
        lambda answer: answer.error in ("invalid_grant", "unauthorized_client", "expired_token"),
        lambda answer: not is_client_refused(answer),
    ),
    Assumption(
        36,
        "a silent login without a session comes back to the callback with login_required",
        "callback",
        lambda answer: "error=login_required" in _location(answer),
        lambda answer: "error=" in _location(answer) and "access_denied" not in _location(answer),
    ),
)


ENTRIES = tuple(
    Entry(
        f"assumption.{assumption.number}",
        assumption.compare,
        where=f"docs/explanation/assumptions.md, {assumption.number}",
    )
    for assumption in ASSUMPTIONS
)
