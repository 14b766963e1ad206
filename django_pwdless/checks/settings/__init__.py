"""Checks of the dict ``PWDLESS`` itself, and how all checks read what is set."""

from __future__ import annotations
