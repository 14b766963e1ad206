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
    path("logout/", views.LogoutView.as_view(), name="logout"),
    path("logged-out/", views.LoggedOutView.as_view(), name="logged_out"),
]
