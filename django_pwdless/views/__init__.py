"""The views: a form, a flow, an answer."""

from __future__ import annotations

from .account.backchannel import BackchannelLogoutView
from .account.factors import (
    FactorAddView,
    FactorRemoveView,
    FactorsDoneView,
    FactorsRefreshView,
    FactorsView,
)
from .account.identities import IdentitiesView, IdentityAddView, IdentityRemoveView
from .account.logout import LoggedOutView, LogoutView
from .account.sign_ins import SignInEndView, SignInsEndOthersView, SignInsView
from .links import CallbackView, LinkSentView, LinkView
from .login import LoginView
from .resend import ResendView
from .second_factor.answer import MFAChallengeView
from .second_factor.choice import MFAView
from .second_factor.enrollment import MFAEnrollView
from .second_factor.push import MFAPollView
from .second_factor.recovery_codes import RecoveryCodesView
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
