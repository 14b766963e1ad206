"""HTTP to the tenant: a pool, proof of who asks, and from an error answer to an exception."""

from __future__ import annotations
