"""The two OpenAPI documents: made from the table of operations, and in the package as files."""

from __future__ import annotations

from .document import document, printed

__all__ = ["document", "printed"]
