"""Ways to use the app from other frameworks, each imported by name, and only where it is there."""

from __future__ import annotations
