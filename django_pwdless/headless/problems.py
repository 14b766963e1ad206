"""Problems as JSON: RFC 9457, with a stable ``outcome``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from django_pwdless.exceptions import CodeExhausted, CodeExpired, InvalidCode
from django_pwdless.pages.problems import Problem, wrong_code_text

CONTENT_TYPE = "application/problem+json"
Errors = Mapping[str, list[dict[str, Any]]]

_INVALID_TITLE = _("Check what you entered")
# What a front end does wrong, its developer reads, in English.
CSRF = Problem(
    "csrf", 403, "Refused", "The CSRF token is missing or wrong: send csrf_token as X-CSRFToken."
)
FOREIGN_ORIGIN = Problem("csrf", 403, "Refused", "Requests of this Origin are not served.")
UNSUPPORTED = Problem("invalid", 415, "Refused", "The body must be application/json.")
WRONG_METHOD = Problem("method_not_allowed", 405, "Refused", "This address has other methods.")
NOT_FOUND = Problem("not_found", 404, "Not found", "There is nothing here, or it is not offered.")
STEP_MISSING = Problem("step_missing", 409, _("We could not continue. Start again."), "")
SIGNED_OUT = Problem("signed_out", 401, _("Sign in first."), "")
SESSION_GONE = Problem(
    "session_gone", 401, _("Sign in first."), "The session token is unknown, or its session ended."
)
RECONFIRM = Problem("reconfirm", 403, _("Confirm it’s you first."), "")
LAST_IDENTITY = Problem(
    "last_identity", 409, _("You cannot remove your only sign-in method. Add another first."), ""
)

# The most special first.
_CODES: tuple[tuple[type[InvalidCode], str], ...] = (
    (CodeExhausted, "exhausted"),
    (CodeExpired, "expired"),
    (InvalidCode, "invalid"),
)


class Refusal(Exception):
    """A request that is answered with this problem, and these errors by field."""

    def __init__(self, problem: Problem, errors: Errors | None = None, *, allow: str = "") -> None:
        super().__init__(problem.outcome)
        self.problem = problem
        self.errors = errors or {}
        self.allow = allow

    @property
    def headers(self) -> dict[str, str]:
        """The headers that belong to it."""
        headers = {"Allow": self.allow} if self.allow else {}
        if self.problem.retry_after is not None:
            headers["Retry-After"] = str(self.problem.retry_after)
        return headers


def malformed(detail: str) -> Refusal:
    """Return the refusal of a body that is no plain JSON object."""
    return Refusal(Problem("invalid", 400, _INVALID_TITLE, detail))


def invalid(errors: Errors) -> Refusal:
    """Return the refusal of members that cannot be used, with the first error as its detail."""
    first = next((str(each["message"]) for at_one in errors.values() for each in at_one), "")
    return Refusal(Problem("invalid", 400, _INVALID_TITLE, first), errors)


def invalid_form(form: forms.Form) -> Refusal:
    """Return the refusal of what a form has found."""
    return invalid(form.errors.get_json_data())


def invalid_field(name: str, message: Any, code: str = "invalid") -> Refusal:
    """Return the refusal of one member."""
    return invalid({name: [{"message": str(message), "code": code}]})


def wrong_code(form: forms.Form, error: InvalidCode, **about: Any) -> Refusal:
    """Return the refusal of a code that Auth0 did not take."""
    code = next(name for kind, name in _CODES if isinstance(error, kind))
    text = str(wrong_code_text(error, **about))
    form.add_error("code", ValidationError(text, code))
    return invalid_form(form)


def as_json(problem: Problem, errors: Errors) -> dict[str, Any]:
    """Return the members of the answer, but for the state."""
    return {
        "title": str(problem.title),
        "status": problem.status,
        "detail": str(problem.text),
        "outcome": problem.outcome,
        "errors": dict(errors),
        "retry_after": problem.retry_after,
    }
