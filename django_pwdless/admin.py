"""Identities in the admin: to look at and to delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth import get_user_model

from .models import Identity

if TYPE_CHECKING:
    from django.http import HttpRequest

    IdentityAdminBase = admin.ModelAdmin[Identity]
else:
    IdentityAdminBase = admin.ModelAdmin


@admin.register(Identity)
class IdentityAdmin(IdentityAdminBase):
    """An identity is proven by its owner, so nobody adds or changes one by hand."""

    list_display = ("label", "user", "connection", "created_at")
    list_filter = ("connection",)
    list_select_related = ("user",)
    search_fields = ("email", "phone_number", "subject")
    fields = ("user", "issuer", "subject", "connection", "email", "phone_number", "created_at")
    readonly_fields = fields
    ordering = ("-created_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Identity | None = None) -> bool:
        """Nobody changes one."""
        return False

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Search by the user's name too, whatever the user model calls it."""
        return (*self.search_fields, f"user__{get_user_model().USERNAME_FIELD}")
