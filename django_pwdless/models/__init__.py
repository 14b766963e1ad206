"""``Identity``: who Auth0 says somebody is. ``SignIn``: where. ``Event``: what happened."""

from __future__ import annotations

from .event import Event
from .fields import set_null_where_kept
from .identity import (
    AddressLock,
    Identity,
    IdentityManager,
    SubjectDigestField,
    is_made_up,
    made_up_name,
    random_name,
    subject_digest,
)
from .sign_in import SignIn

__all__ = [
    "AddressLock",
    "Event",
    "Identity",
    "IdentityManager",
    "SignIn",
    "SubjectDigestField",
    "is_made_up",
    "made_up_name",
    "random_name",
    "set_null_where_kept",
    "subject_digest",
]
