"""What people type to say who they are, and the sign-in methods that take it."""

from __future__ import annotations
