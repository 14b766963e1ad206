"""Where somebody is signed in: ``end`` and ``aend`` sign a user out of all of it."""

from __future__ import annotations

from .ending import aend, end

__all__ = ["aend", "end"]
