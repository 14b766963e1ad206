"""The second factor: choose one, set one up, answer by a code, or wait for a push."""

from __future__ import annotations
