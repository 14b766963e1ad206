"""The token of an ``Authorization`` header (RFC 6750, section 2.1)."""

from __future__ import annotations

import re

from django_pwdless.exceptions import BearerRefused

# Not followed by what a longer name could go on with (RFC 9110, section 5.6.2).
_SCHEME = re.compile(r"bearer(?![!#$%&'*+.^_`|~0-9a-z-])", re.IGNORECASE | re.ASCII)
_CREDENTIALS = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE | re.ASCII)


def bearer_of(header: str) -> str | None:
    """Return the token of a header; None where there are no credentials, or of another scheme.

    Raises ``BearerRefused`` for a bearer's header that holds anything but one token: servers put a
    second header, and so a second token, behind a comma.
    """
    header = header.strip(" \t")
    credentials = _CREDENTIALS.fullmatch(header)
    if credentials is not None:
        return credentials[1]
    if _SCHEME.match(header):
        raise BearerRefused(400, "invalid_request")
    return None
