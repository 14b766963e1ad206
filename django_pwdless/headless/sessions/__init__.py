"""Sessions of native apps: the token, the request it opens, and the site's own views."""

from __future__ import annotations
