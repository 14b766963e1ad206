"""The URLconfs of the JSON: ``browser`` and ``app``, each made from the table of operations."""

from __future__ import annotations
