"""The URLconf: ``path("accounts/", include("django_pwdless.urls"))``."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "pwdless"

urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("verify/", views.VerifyView.as_view(), name="verify"),
    path("resend/", views.ResendView.as_view(), name="resend"),
    path("sent/", views.LinkSentView.as_view(), name="link_sent"),
    path("link/", views.LinkView.as_view(), name="link"),
    path("callback/", views.CallbackView.as_view(), name="callback"),
    path("universal/", views.UniversalLoginView.as_view(), name="universal"),
    path("logout/", views.LogoutView.as_view(), name="logout"),
    path("logged-out/", views.LoggedOutView.as_view(), name="logged_out"),
    path("mfa/", views.MFAView.as_view(), name="mfa"),
    path("mfa/challenge/", views.MFAChallengeView.as_view(), name="mfa_challenge"),
    path("mfa/poll/", views.MFAPollView.as_view(), name="mfa_poll"),
    path("mfa/enroll/", views.MFAEnrollView.as_view(), name="mfa_enroll"),
    path("mfa/recovery-codes/", views.RecoveryCodesView.as_view(), name="recovery_codes"),
    path("identities/", views.IdentitiesView.as_view(), name="identities"),
    path("identities/add/", views.IdentityAddView.as_view(), name="identity_add"),
    path("identities/<int:pk>/remove/", views.IdentityRemoveView.as_view(), name="identity_remove"),
    path("factors/", views.FactorsView.as_view(), name="factors"),
    path("factors/refresh/", views.FactorsRefreshView.as_view(), name="factors_refresh"),
    path("factors/add/", views.FactorAddView.as_view(), name="factor_add"),
    path("factors/done/", views.FactorsDoneView.as_view(), name="factors_done"),
    path("factors/<path:id>/remove/", views.FactorRemoveView.as_view(), name="factor_remove"),
    path("sign-ins/", views.SignInsView.as_view(), name="sign_ins"),
    path("sign-ins/end-others/", views.SignInsEndOthersView.as_view(), name="sign_ins_end_others"),
    path("sign-ins/<int:pk>/end/", views.SignInEndView.as_view(), name="sign_in_end"),
    path("backchannel-logout/", views.BackchannelLogoutView.as_view(), name="backchannel_logout"),
]
