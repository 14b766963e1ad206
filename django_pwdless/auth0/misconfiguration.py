"""One line for the site's owner: which switch to turn when Auth0 refuses the application."""

from __future__ import annotations

_HINTS: tuple[tuple[str, str, str], ...] = (
    # error, a word of the description ("" fits any), what to do
    (
        "invalid_client",
        "",
        "PWDLESS['CLIENT_SECRET'] (or CLIENT_ASSERTION_KEY) is not accepted: copy it again from "
        "Applications > your application > Settings/Credentials, and check CLIENT_ID and DOMAIN.",
    ),
    (
        "unauthorized_client",
        "grant type",
        "a grant type is off: turn on Passwordless OTP, Authorization Code and, with "
        "CUSTOMIZE_MFA, MFA under Applications > your application > Advanced > Grant Types; where "
        "they are on, set Authentication > Authentication Profile to Identifier First.",
    ),
    (
        "unauthorized_client",
        "",
        "the application must authenticate: set PWDLESS['CLIENT_SECRET'] (or "
        "CLIENT_ASSERTION_KEY), or make it a native application under Applications > Settings.",
    ),
    (
        "unauthorized",
        "",
        "the application must authenticate: set PWDLESS['CLIENT_SECRET'] (or "
        "CLIENT_ASSERTION_KEY) to the credentials of the application.",
    ),
    (
        "bad.connection",
        "disabled",
        "the passwordless connection is off for this application: turn it on under "
        "Authentication > Passwordless > Applications.",
    ),
    (
        "bad.connection",
        "",
        "the passwordless connection (email or sms) does not exist: turn it on under "
        "Authentication > Passwordless, and for this application on its Applications tab.",
    ),
    ("bad.tenant", "", "PWDLESS['DOMAIN'] names no tenant: copy it from the application's page."),
    ("bad.client_id", "", "PWDLESS['CLIENT_ID'] is empty or wrong."),
    (
        "unsupported_grant_type",
        "",
        "PWDLESS['DOMAIN'] does not answer like an Auth0 tenant: check it and anything between.",
    ),
    (
        "invalid_request",
        "audience",
        "PWDLESS['AUDIENCE'] names no API of the tenant: see Applications > APIs.",
    ),
    ("access_denied", "service", "PWDLESS['AUDIENCE'] names no API this application may use."),
)

_OTHERWISE = (
    "Auth0 did not accept the request as it was sent: check PWDLESS['DOMAIN'], CLIENT_ID, SCOPE "
    "and AUDIENCE; if they are right, please report it with Auth0's log entry."
)


def hint_for(error: str, description: str) -> str:
    """Return what the owner should change; ``description`` is Auth0's text, lower-cased."""
    for code, word, hint in _HINTS:
        if code == error and word in description:
            return hint
    return _OTHERWISE
