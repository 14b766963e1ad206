"""An admin that asks for a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import admin
from django.http import HttpResponseBase

from django_pwdless.decorators import mfa_required

_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])


class SecureAdminSite(admin.AdminSite):
    def admin_view(self, view: _View, cacheable: bool = False) -> _View:
        inner = super().admin_view(view, cacheable)
        return mfa_required()(inner)
