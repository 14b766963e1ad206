"""A local stand-in for an Auth0 tenant, over real HTTP on loopback.

    with LocalTenant() as tenant:
        settings.PWDLESS = tenant.settings
        ...
        code = tenant.inbox.latest("ann@example.com").code

It follows Auth0's published documents and SDKs; it sends nothing and reaches nothing.
"""

from __future__ import annotations

from .people.people import Person
from .records.inbox import Message
from .records.recorded_requests import RecordedRequest
from .tenant import LocalTenant

__all__ = ["LocalTenant", "Message", "Person", "RecordedRequest"]
