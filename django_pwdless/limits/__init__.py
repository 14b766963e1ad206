"""Rate limits, the cooldown between messages, whose address it is, and the shared cache."""

from __future__ import annotations
