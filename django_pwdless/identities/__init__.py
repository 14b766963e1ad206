"""From verified claims to an identity and its user."""

from __future__ import annotations
