"""Time-based one-time passwords, as an authenticator app makes them (RFC 6238)."""

from __future__ import annotations

import base64
import hmac
import secrets
from hashlib import sha1

PERIOD = 30
DIGITS = 6
SECRET_BYTES = 20


def new_secret() -> str:
    """Return a new secret in base32."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_at(seconds: float) -> int:
    """Return the number of the time step (RFC 6238 4.2)."""
    return int(seconds // PERIOD)


def code_of(secret: str, step: int) -> str:
    """Return the code of one time step (RFC 4226 5.3)."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: str, code: str, seconds: float, after: int) -> int | None:
    """Return the step whose code was given: now, the one before or the next, later than ``after``.

    A code works once, so a step that was used, or an earlier one, matches no more.
    """
    now = step_at(seconds)
    for step in (now, now - 1, now + 1):
        if step > after and hmac.compare_digest(
            code_of(secret, step).encode(), code.encode("utf-8", "replace")
        ):
            return step
    return None
