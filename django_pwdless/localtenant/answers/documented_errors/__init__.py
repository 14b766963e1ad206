"""The error tables of Auth0's Authentication API, row by row, each with a name.

Statuses, codes and texts are those of Auth0's documentation and SDKs. ``tenant.fail(path, name)``
answers with a row whatever the request; the endpoints raise the same rows for the causes they
can tell by themselves.
"""

from __future__ import annotations

from .mfa import ASSOCIATE, AUTHENTICATORS, CHALLENGE
from .start import START
from .token import EXPIRED, GRANT_OFF, REVOKE, TOKEN

__all__ = [
    "ASSOCIATE",
    "AUTHENTICATORS",
    "CHALLENGE",
    "ERROR_TABLES",
    "EXPIRED",
    "GRANT_OFF",
    "REVOKE",
    "START",
    "TOKEN",
]

ERROR_TABLES = {
    "/passwordless/start": START,
    "/oauth/token": TOKEN,
    "/mfa/authenticators": AUTHENTICATORS,
    "/mfa/challenge": CHALLENGE,
    "/mfa/associate": ASSOCIATE,
    "/oauth/revoke": REVOKE,
}
