"""A client for the part of Auth0's Authentication API that passwordless login needs.

It knows no Django and could be lifted out as it stands.
"""

from __future__ import annotations

from .client import Auth0Client
from .http.transport import Caller

__all__ = ["Auth0Client", "Caller"]
