"""Limits that no other test has used."""

from __future__ import annotations

from typing import Any
from uuid import uuid4


def caches_of_ones_own(settings: Any) -> dict[str, Any]:
    """Return ``CACHES`` where the cache that counts begins empty, under a prefix of its own.

    Nothing that a site keeps there is deleted.
    """
    alias = getattr(settings, "RATELIMIT_USE_CACHE", "default")
    caches: dict[str, Any] = dict(settings.CACHES)
    if alias in caches:
        prefix = f"{caches[alias].get('KEY_PREFIX', '')}{uuid4().hex}"
        caches[alias] = {**caches[alias], "KEY_PREFIX": prefix}
    return caches
