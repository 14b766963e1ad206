"""Django's admin, signed in to through the app: it asks nobody for a password.

Write ``"django_pwdless.contrib.admin.AdminConfig"`` in ``INSTALLED_APPS`` in place of
``"django.contrib.admin"``, or give an admin site of your own ``PwdlessAdminSiteMixin``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin import apps
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from django_pwdless.conf import conf

__all__ = ["AdminConfig", "PwdlessAdminSite", "PwdlessAdminSiteMixin"]

# Imports within functions: the admin is loaded before any model is, and views need models.
if TYPE_CHECKING:
    Base = admin.AdminSite
else:
    Base = object


class PwdlessAdminSiteMixin(Base):
    """For an ``AdminSite``; list it first among the bases.

    Signs in and out by the app's pages. Whoever is signed in and not staff is told so (403). With
    ``ADMIN_MFA`` each view needs a second factor, as ``mfa_required`` does.
    """

    @login_not_required
    def login(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Lead to the app's login page, or on to ``next``."""
        from .login import AdminLoginView

        return AdminLoginView.as_view(admin_site=self)(request)

    def logout(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Sign out as the app does, of Auth0 too where ``LOGOUT`` says so."""
        from django_pwdless.views import LogoutView

        return LogoutView.as_view()(request)

    def get_urls(self) -> list[Any]:
        """Put our logout before Django's, so that it needs neither staff nor second factor."""
        from django_pwdless.views import LogoutView

        return [path("logout/", LogoutView.as_view(), name="logout"), *super().get_urls()]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Ask for staff, as Django does, then for the second factor."""
        return super().admin_view(_with_mfa(view), cacheable)


class PwdlessAdminSite(PwdlessAdminSiteMixin, admin.AdminSite):
    """The default site of ``AdminConfig``."""


class AdminConfig(apps.AdminConfig):
    """Django's, with our site as ``admin.site``. Set ``default_site`` for one of your own."""

    default_site = "django_pwdless.contrib.admin.PwdlessAdminSite"


def _with_mfa(view: Callable[..., Any]) -> Callable[..., Any]:
    """Return the view behind ``mfa_required`` while ``ADMIN_MFA`` is on."""
    from django_pwdless.decorators import mfa_required

    guarded = mfa_required()(view)

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = (guarded if conf.ADMIN_MFA else view)(request, *args, **kwargs)
        return answer

    return wrapped
