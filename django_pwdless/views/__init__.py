"""The views: a form, a flow, an answer."""

from __future__ import annotations

from .links import CallbackView, LinkSentView, LinkView
from .login import LoginView
from .logout import LoggedOutView, LogoutView
from .verify import ResendView, VerifyView

__all__ = [
    "CallbackView",
    "LinkSentView",
    "LinkView",
    "LoggedOutView",
    "LoginView",
    "LogoutView",
    "ResendView",
    "VerifyView",
]
