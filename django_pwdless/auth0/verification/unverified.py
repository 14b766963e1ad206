"""What a client may look at in its own access token, which is not for it to read.

Nothing here is verified: the token came from Auth0 itself, and is for an API to verify.
"""

from __future__ import annotations

import base64
import json
from typing import Any


def unverified_claims(token: str) -> dict[str, Any] | None:
    """Return what a JWT says (RFC 7519, section 7.2); None for an opaque token.

    A JWT whose claims cannot be read has none. An encrypted one is opaque.
    """
    parts = token.split(".")
    header = _read(parts[0]) if len(parts) == 3 else None
    if header is None or "alg" not in header:
        return None
    return _read(parts[1]) or {}


def names_audience(claims: dict[str, Any], audience: str) -> bool:
    """Whether ``aud`` is this audience, or a list that holds it (RFC 7519, section 4.1.3)."""
    named = claims.get("aud")
    return audience in (named if isinstance(named, list) else [named])


def _read(part: str) -> dict[str, Any] | None:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
