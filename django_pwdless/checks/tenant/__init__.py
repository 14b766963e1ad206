"""Checks of what the site and its tenant must agree on: client, addresses, APIs, tokens."""

from __future__ import annotations
