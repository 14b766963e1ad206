"""The shape of what people type; nothing here counts, sends or verifies."""

from __future__ import annotations

from .codes import CodeForm, FactorCodeForm, LinkForm, RecoveryCodeForm, factor_form
from .identifiers import IdentifierForm, LoginForm
from .mfa_enrollment import EnrollForm

__all__ = [
    "CodeForm",
    "EnrollForm",
    "FactorCodeForm",
    "IdentifierForm",
    "LinkForm",
    "LoginForm",
    "RecoveryCodeForm",
    "factor_form",
]
