"""Admins that ask for a second factor, and that sign in through the app."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase

from django_pwdless.contrib.admin import AdminConfig, PwdlessAdminSiteMixin
from django_pwdless.decorators import mfa_required

_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])


class SecureAdminSite(admin.AdminSite):
    def admin_view(self, view: _View, cacheable: bool = False) -> _View:
        inner = super().admin_view(view, cacheable)
        return mfa_required()(inner)


class OfficeSite(PwdlessAdminSiteMixin, admin.AdminSite):
    site_header = "Office"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and request.user.is_active


class OfficeConfig(AdminConfig):
    default_site = "consumer.admin.OfficeSite"
