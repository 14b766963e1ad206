"""The second factor's pages: choose one, answer it, wait for a push, set one up."""

from __future__ import annotations
