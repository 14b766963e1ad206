"""How young a login must be for its person to change the ways to sign in."""

from __future__ import annotations

import time

from django.http import HttpRequest

from .login_record import LoginRecord

# Changing the ways to sign in needs a login younger than this, in seconds.
FRESH = 600


def fresh_login(request: HttpRequest) -> LoginRecord | None:
    """Return the record of the login of who asks; None unless they proved just now who they are."""
    record = LoginRecord.load(request)
    return record if record is not None and 0 <= time.time() - record.at < FRESH else None
