"""A backend of the site's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.http import HttpRequest
from typing_extensions import assert_type

from django_pwdless.backends import PasswordlessBackend
from django_pwdless.identity import verified_email
from django_pwdless.models import Identity


class SiteBackend(PasswordlessBackend):
    def find_user(self, claims: Mapping[str, Any]) -> User | None:
        address = verified_email(claims)
        return User.objects.filter(email=address).first() if address else None

    def create_user(self, claims: Mapping[str, Any]) -> AbstractBaseUser | None:
        is_ours = verified_email(claims).endswith("@example.com")
        return super().create_user(claims) if is_ours else None

    def join_user(self, user: AbstractBaseUser, claims: Mapping[str, Any]) -> None:
        super().join_user(user, claims)

    def update_user(self, user: AbstractBaseUser, claims: Mapping[str, Any]) -> None:
        user.save()


def identity(request: HttpRequest, backend: PasswordlessBackend, token: str) -> str:
    backend.authenticate(request, id_token=token, nonce=None)
    found = Identity.objects.find("https://example.eu.auth0.com/", "email|1")
    if found is None:
        return ""
    assert_type(found.email, str)
    return found.subject
