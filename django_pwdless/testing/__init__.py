"""What helps a site test its pages and its logins: ``sign_in``, ``asign_in``, ``TenantMixin``.

The pytest plugin lies here too, and a plugin is loaded where there may be no settings: so these
names, which need Django, are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .signed_in import asign_in, sign_in
    from .test_cases import TenantMixin

__all__ = ["TenantMixin", "asign_in", "sign_in"]

_MODULES = {"TenantMixin": "test_cases", "asign_in": "signed_in", "sign_in": "signed_in"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
