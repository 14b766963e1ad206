"""What a page says and is built from beside its template."""

from __future__ import annotations
