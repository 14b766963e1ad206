"""``verified_email``, for a backend of one's own."""

from __future__ import annotations

from .identities.accounts import verified_email

__all__ = ["verified_email"]
