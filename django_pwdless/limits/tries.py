"""Wrong codes, counted by whom the code was sent to, over all sessions.

Auth0 counts them too, but only for somebody it has sent one to: what it says of them tells who has
an account. This count is the same for everybody.
"""

from __future__ import annotations

import hashlib
import math

from django_pwdless.conf import conf
from django_pwdless.identifiers.identifier import Identifier

from .shared_cache import KeyStore, increase


def begin(identifier: Identifier) -> None:
    """A message was sent: its code has all its tries."""
    KeyStore().set(_key(identifier), 0, math.ceil(conf.PENDING_LIFETIME))


def count_wrong_code(identifier: Identifier) -> None:
    """A wrong code was typed; without the cache nothing is counted."""
    increase(_key(identifier), math.ceil(conf.PENDING_LIFETIME))


def wrong_codes(identifier: Identifier) -> int | None:
    """Return how many were typed since the last message; None where the cache does not know."""
    count = KeyStore().get(_key(identifier))
    return count if type(count) is int and count >= 0 else None


def _key(identifier: Identifier) -> str:
    name = f"{identifier.connection}\0{identifier.key}"
    return "pwdless:tries:" + hashlib.sha256(name.encode()).hexdigest()
