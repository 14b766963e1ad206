"""The views: a form, a flow, an answer."""

from __future__ import annotations

from .login import LoginView
from .logout import LoggedOutView, LogoutView
from .verify import ResendView, VerifyView

__all__ = ["LoggedOutView", "LoginView", "LogoutView", "ResendView", "VerifyView"]
