"""Base64 as tokens and keys are written (RFC 7515, section 2)."""

from __future__ import annotations

import base64


def base64url(data: bytes) -> str:
    """Return ``data`` in the URL-safe alphabet, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
