"""Everything on a tenant that can be looked at and changed from Python."""

from __future__ import annotations

from .control import PythonControl

__all__ = ["PythonControl"]
