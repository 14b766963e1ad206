"""The operations: an input, a flow, an answer."""

from __future__ import annotations
