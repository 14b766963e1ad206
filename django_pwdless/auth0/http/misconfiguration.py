"""One line for the site's owner: which switch to turn when Auth0 refuses the application.

``docs/howto/watch.md`` lists the lines, and calls the switches by the same names.
"""

from __future__ import annotations

from typing import NamedTuple

APPLICATION = "Applications > Applications > your application"
GRANT_TYPES = f"{APPLICATION} > Settings > Advanced Settings > Grant Types"
_PROFILE = "Authentication > Authentication Profile is Identifier First"


class Hint(NamedTuple):
    """What to do about an ``error`` whose description, lower-cased, holds ``word``; "" fits any."""

    error: str
    word: str
    text: str


HINTS = (
    Hint(
        "invalid_client",
        "",
        "PWDLESS['CLIENT_SECRET'] (or CLIENT_ASSERTION_KEY) is not accepted: copy it again from "
        f"{APPLICATION} > Settings (a key: Credentials), and check CLIENT_ID and DOMAIN.",
    ),
    Hint(
        "unauthorized_client",
        "passwordless",
        f"the grant type Passwordless OTP is off: turn it on under {GRANT_TYPES}; if it is on, "
        f"see that {_PROFILE}.",
    ),
    Hint(
        "unauthorized_client",
        "mfa",
        f"the grant type MFA is off: turn it on under {GRANT_TYPES}.",
    ),
    Hint(
        "unauthorized_client",
        "authorization_code",
        f"the grant type Authorization Code is off: turn it on under {GRANT_TYPES}.",
    ),
    Hint(
        "unauthorized_client",
        "refresh_token",
        f"the grant type Refresh Token is off: turn it on under {GRANT_TYPES}.",
    ),
    Hint(
        "unauthorized_client",
        "client authentication",
        "the application must authenticate: set PWDLESS['CLIENT_SECRET'] (or "
        f"CLIENT_ASSERTION_KEY), or make it Native under {APPLICATION} > Settings > Application "
        "Type.",
    ),
    Hint(
        "unauthorized_client",
        "",
        "the application may not do this: turn on Passwordless OTP, Authorization Code (links, "
        f"Universal Login) and MFA (CUSTOMIZE_MFA) under {GRANT_TYPES}, and see that {_PROFILE}.",
    ),
    Hint(
        "unauthorized",
        "",
        "the application must authenticate: set PWDLESS['CLIENT_SECRET'] (or "
        "CLIENT_ASSERTION_KEY) to the credentials of the application.",
    ),
    Hint(
        "bad.connection",
        "disabled",
        "the passwordless connection is off for this application: turn the application on under "
        "Authentication > Passwordless > Email (or SMS) > Applications.",
    ),
    Hint(
        "bad.connection",
        "",
        "the passwordless connection does not exist: turn Email (or SMS) on under Authentication > "
        "Passwordless, and in it the application on the tab Applications.",
    ),
    Hint(
        "bad.tenant",
        "",
        f"PWDLESS['DOMAIN'] names no tenant: copy it from {APPLICATION} > Settings.",
    ),
    Hint(
        "bad.client_id",
        "",
        f"PWDLESS['CLIENT_ID'] is empty or wrong: copy it from {APPLICATION} > Settings.",
    ),
    Hint(
        "unsupported_grant_type",
        "",
        "PWDLESS['DOMAIN'] does not answer like an Auth0 tenant: check it and anything between.",
    ),
    Hint(
        "invalid_request",
        "audience",
        "PWDLESS['AUDIENCE'] names no API of the tenant: see Applications > APIs.",
    ),
    Hint(
        "access_denied",
        "service",
        "PWDLESS['AUDIENCE'] names no API that the application may use: see Applications > APIs > "
        "the API > Application Access.",
    ),
)

OTHERWISE = (
    "Auth0 did not accept the request as it was sent: check PWDLESS['DOMAIN'], CLIENT_ID, SCOPE "
    "and AUDIENCE; if they are right, please report it with Auth0's log entry (Monitoring > Logs)."
)


def hint_for(error: str, description: str) -> str:
    """Return what the owner should change; ``description`` is Auth0's text, lower-cased."""
    fitting = (hint for hint in HINTS if hint.error == error and hint.word in description)
    return next((hint.text for hint in fitting), OTHERWISE)
