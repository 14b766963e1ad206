"""The way back to the site: where a browser is sent when a login ends, well or not."""

from __future__ import annotations

from urllib.parse import urlencode

from werkzeug.wrappers import Response

from django_pwdless.localtenant.answers.documented_errors import EXPIRED, TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.switches import Switches

WRONG = "Wrong email or verification code."

ERRORS: dict[str, dict[str, str]] = {
    "access_denied": {"error": "access_denied", "error_description": "Denied by an Action."},
    "expired": {"error": "unauthorized", "error_description": EXPIRED},
    "wrong_code": {"error": "unauthorized", "error_description": WRONG},
    "blocked": {"error": "unauthorized", "error_description": "user is blocked"},
    "cancelled": {
        "error": "access_denied",
        "error_description": "User did not authorize the request",
    },
    "login_required": {"error": "login_required", "error_description": "Login required"},
    "consent_required": {"error": "consent_required", "error_description": "Consent required"},
    "interaction_required": {
        "error": "interaction_required",
        "error_description": "Multifactor authentication required",
    },
    "invalid_request": {"error": "invalid_request", "error_description": "Bad request"},
    "server_error": {"error": "server_error", "error_description": "Internal error"},
    "temporarily_unavailable": {
        "error": "temporarily_unavailable",
        "error_description": "Try again later",
    },
    "hostile_text": {
        "error": "<script>alert(1)</script>",
        "error_description": "<img src=x onerror=alert(1)>" + "x" * 2000,
    },
    "neither": {},
}


def lead_back(switches: Switches, redirect_uri: str, state: str | None, code: str) -> Response:
    """Return the redirect that brings ``code`` to the site, or what was switched instead."""
    fault = switches.callback_fault
    if fault == "fragment":
        return _redirect(redirect_uri, {"code": code, "state": state}, "#")
    if fault is not None:
        return lead_back_with_error(redirect_uri, state, fault)
    return _redirect(redirect_uri, {"code": code, "state": state})


def fault_of(refusal: Refusal) -> str:
    """Return the name in :data:`ERRORS` of what a refused code comes back as."""
    if refusal.row is TOKEN["unauthorized"]:
        return "blocked"
    return "expired" if refusal.row is TOKEN["expired"] else "wrong_code"


def lead_back_with_error(redirect_uri: str, state: str | None, name: str) -> Response:
    """Return the redirect that brings an error of :data:`ERRORS` to the site."""
    return _redirect(redirect_uri, {**ERRORS[name], "state": state})


def lead_back_refused(
    redirect_uri: str, state: str | None, error: str | None, description: str | None
) -> Response:
    """Return the redirect that brings an error of one's own to the site (RFC 6749 4.1.2.1)."""
    members = {"error": error, "error_description": description}
    return _redirect(redirect_uri, {**members, "state": state})


def lead_back_in_fragment(redirect_uri: str, state: str | None, token: str) -> Response:
    """Return what comes where ``response_type=code`` was not asked for: nothing a server sees."""
    members = {"access_token": token, "expires_in": "7200", "token_type": "Bearer"}
    return _redirect(redirect_uri, {**members, "state": state}, "#")


def _redirect(uri: str, parameters: dict[str, str | None], separator: str = "?") -> Response:
    given = {name: value for name, value in parameters.items() if value is not None}
    glue = "&" if separator == "?" and "?" in uri else separator
    location = uri + (glue + urlencode(given, errors="replace") if given else "")
    return Response("", 302, headers={"Location": location, "Cache-Control": "no-store"})
