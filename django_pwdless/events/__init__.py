"""What happened: each outcome is told here once; the log, and what a site turns on, have it."""

from __future__ import annotations
