"""One key set (RFC 7517), read from the wire."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

MAX_KEYS = 50
# Of RS256 and PS256 (RFC 7518, sections 3.3 and 3.5).
MIN_KEY_BITS = 2048


@dataclass(frozen=True)
class KeySet:
    """One good answer: its keys by id, and when it was fetched (UNIX seconds)."""

    keys: Mapping[str, Any]
    wire: list[dict[str, Any]]
    fetched_at: float

    @property
    def age(self) -> float:
        """Seconds since it was fetched."""
        # A clock that was set back makes a set old, not eternally young.
        age = time.time() - self.fetched_at
        return age if age >= 0 else math.inf

    def knows(self, key_id: str | None) -> bool:
        """Whether there is a key of this id; of None there always is."""
        return key_id is None or key_id in self.keys


def read_key_set(wire: Any, algorithm: str, fetched_at: float) -> KeySet | None:
    """Return the keys of a set that ``algorithm`` can use; None where it is no set or has none."""
    keys, kept = {}, []
    for entry in wire[:MAX_KEYS] if isinstance(wire, list) else ():
        key = _public_key(entry, algorithm)
        if key is not None and entry["kid"] not in keys:
            keys[entry["kid"]] = key
            kept.append(entry)
    return KeySet(keys, kept, fetched_at) if keys else None


def _public_key(entry: Any, algorithm: str) -> Any:
    """Return the RSA key of an entry meant for our algorithm; None for any other."""
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str):
        return None
    if entry.get("kty") != "RSA" or not _is_to_verify(entry):
        return None
    if (entry.get("alg") or algorithm) != algorithm or "d" in entry:
        return None
    try:
        key: Any = jwt.PyJWK(entry, algorithm=algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        return None
    return key if key.key_size >= MIN_KEY_BITS else None


def _is_to_verify(entry: dict[str, Any]) -> bool:
    """Whether a key is published to verify signatures (RFC 7517, sections 4.2 and 4.3)."""
    operations = entry.get("key_ops")
    may_verify = operations is None or (isinstance(operations, list) and "verify" in operations)
    return may_verify and (entry.get("use") or "sig") == "sig"
