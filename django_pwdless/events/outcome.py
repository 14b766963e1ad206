"""One outcome: what happened, to whom as far as that is proven, and from where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.models import Identity

SIGN_IN = "sign_in"
REFUSED = "refused"
LIMITED = "limited"
MESSAGE_SENT = "message_sent"
MFA_STARTED = "mfa_started"
MFA_VERIFIED = "mfa_verified"
IDENTITY_ADDED = "identity_added"
IDENTITY_REMOVED = "identity_removed"
FACTOR_ADDED = "factor_added"
FACTOR_REMOVED = "factor_removed"
SIGN_IN_ENDED = "sign_in_ended"
TOKEN_REFRESHED = "token_refreshed"  # noqa: S105


@dataclass(frozen=True)
class Outcome:
    """``kind`` is one of the names above, ``method`` a value of ``METHODS`` or a second factor.

    ``user_pk`` and ``identity`` are only there where they are proven. ``limit`` is a limit as
    ``"start.pair 6/h"``. Of what has the same ``once``, a key and seconds, one row is kept.
    """

    kind: str
    request: HttpRequest | None = field(default=None, repr=False)
    method: str = ""
    reason: str = ""
    limit: str = ""
    user_pk: Any = None
    identifier: Identifier | None = None
    identity: Identity | None = None
    once: tuple[str, float] | None = None
