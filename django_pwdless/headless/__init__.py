"""The journeys of the pages as JSON, for single-page front ends and native apps.

``urls.browser`` and ``urls.app`` are the URLconfs. ``session_token_required`` lets a native app's
session into a view of the site's own.
"""

from __future__ import annotations

from .sessions.required import session_token_required

__all__ = ["session_token_required"]
