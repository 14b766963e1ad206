"""Pages."""

from __future__ import annotations

from .call import View

VIEWS: dict[str, View] = {}
