"""The second factor: choose one that there is, set one up, and which of them may be used."""

from __future__ import annotations
