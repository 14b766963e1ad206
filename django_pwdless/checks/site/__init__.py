"""Checks of the site around the app: its project, its layout, its admin."""

from __future__ import annotations
