"""The views: a form, a flow, an answer."""

from __future__ import annotations

from .backchannel import BackchannelLogoutView
from .factors import (
    FactorAddView,
    FactorRemoveView,
    FactorsDoneView,
    FactorsRefreshView,
    FactorsView,
)
from .identities import IdentitiesView, IdentityAddView, IdentityRemoveView
from .links import CallbackView, LinkSentView, LinkView
from .login import LoginView
from .logout import LoggedOutView, LogoutView
from .mfa import MFAChallengeView, MFAPollView, MFAView
from .mfa_enrollment import MFAEnrollView
from .recovery_codes import RecoveryCodesView
from .resend import ResendView
from .sign_ins import SignInEndView, SignInsEndOthersView, SignInsView
from .universal import UniversalLoginView
from .verify import VerifyView

__all__ = [
    "BackchannelLogoutView",
    "CallbackView",
    "FactorAddView",
    "FactorRemoveView",
    "FactorsDoneView",
    "FactorsRefreshView",
    "FactorsView",
    "IdentitiesView",
    "IdentityAddView",
    "IdentityRemoveView",
    "LinkSentView",
    "LinkView",
    "LoggedOutView",
    "LoginView",
    "LogoutView",
    "MFAChallengeView",
    "MFAEnrollView",
    "MFAPollView",
    "MFAView",
    "RecoveryCodesView",
    "ResendView",
    "SignInEndView",
    "SignInsEndOthersView",
    "SignInsView",
    "UniversalLoginView",
    "VerifyView",
]
