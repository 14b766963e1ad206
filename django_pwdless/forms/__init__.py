"""The shape of what people type; nothing here counts, sends or verifies."""

from __future__ import annotations

from .codes import CodeForm, FactorCodeForm, LinkForm, RecoveryCodeForm
from .enrollment import EnrollForm
from .identifiers import IdentifierForm, LoginForm

__all__ = [
    "CodeForm",
    "EnrollForm",
    "FactorCodeForm",
    "IdentifierForm",
    "LinkForm",
    "LoginForm",
    "RecoveryCodeForm",
]
