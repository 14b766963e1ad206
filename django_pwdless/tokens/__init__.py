"""Access tokens of signed-in people, to call an API with; fetched and refreshed as needed."""

from __future__ import annotations

from .access_token import AccessToken
from .getting import (
    aget_access_token,
    aget_access_token_for,
    get_access_token,
    get_access_token_for,
)

__all__ = [
    "AccessToken",
    "aget_access_token",
    "aget_access_token_for",
    "get_access_token",
    "get_access_token_for",
]
