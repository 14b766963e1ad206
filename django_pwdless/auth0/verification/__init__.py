"""What a token signed by the tenant must be, and the keys that tell."""

from __future__ import annotations
