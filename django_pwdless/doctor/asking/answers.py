"""Reading refusals: what an answer of the Authentication API says about the set-up."""

from __future__ import annotations

from django_pwdless.auth0.http.errors import Answer, error_from
from django_pwdless.auth0.http.misconfiguration import hint_for
from django_pwdless.doctor.line import CannotTell
from django_pwdless.exceptions import Misconfigured, RateLimited, Unavailable


def is_client_refused(answer: Answer) -> bool:
    """Whether client authentication failed: ``invalid_client``, or "Unauthorized" and no more."""
    if answer.error == "access_denied":
        return answer.description.strip(" .") == "unauthorized"
    return answer.error == "invalid_client"


def is_service_unknown(answer: Answer) -> bool:
    """Whether the audience names no API of the tenant."""
    return answer.error == "access_denied" and answer.says("service not found")


def hint(answer: Answer) -> str:
    """Return what the log would tell the owner to change."""
    return hint_for(answer.error, answer.description)


def must_be_heard(answer: Answer) -> None:
    """Raise ``CannotTell`` for a limit or an outage: neither says anything of the set-up."""
    if answer.is_success:
        return
    match error_from(answer):
        case RateLimited(retry_after=seconds):
            raise CannotTell(f"Auth0 takes no more calls for {seconds} s: run it again then.")
        case Unavailable():
            raise CannotTell(f"Auth0 answered {answer.status}, and nothing that can be read.")
        case Misconfigured() if is_client_refused(answer):
            raise CannotTell("Needs secret.")


def otherwise(answer: Answer, probe: str) -> CannotTell:
    """Return that nobody has described this answer: it is worth a report.

    Shows the status and the code where it is a plain word, never Auth0's text.
    """
    words = f"{answer.status} {answer.error}".strip()
    return CannotTell(f"{probe} answered {words}, which is not described: please report it.")
