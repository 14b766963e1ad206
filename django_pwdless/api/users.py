"""Whose token it is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from django_pwdless.auth0.verification.access_token import BearerToken
from django_pwdless.backends import PasswordlessBackend, site_backend
from django_pwdless.conf import conf
from django_pwdless.exceptions import LoginRefused
from django_pwdless.identities.accounts import Claims, user_with_identity, users_with_address
from django_pwdless.identities.resolve import resolve_identity


def user_of(token: BearerToken) -> Any:
    """Return the active user of a token's issuer and subject, by one query.

    With ``API_CREATE_USERS`` a first call makes one. Raises ``LoginRefused``.
    """
    backend, _ = site_backend()
    user = user_with_identity(token.claims["iss"], token.subject)
    if user is None:
        if not conf.API_CREATE_USERS:
            raise LoginRefused("unknown")
        return resolve_identity(NewUsersOnly(backend), token.claims, "").user
    if not backend.user_can_authenticate(user):
        raise LoginRefused("inactive")
    return user


class NewUsersOnly:
    """The site's decisions, but for one: a call joins no existing user.

    Nobody looks at the page that a call gets: whoever has an account signs in there first.
    """

    def __init__(self, backend: PasswordlessBackend) -> None:
        self._backend = backend

    def find_user(self, claims: Claims) -> None:
        """Raise ``LoginRefused`` where there is a user already who could be meant."""
        if users_with_address(claims) or self._backend.find_user(claims) is not None:
            raise LoginRefused("conflict")

    def join_user(self, user: AbstractBaseUser, claims: Claims) -> None:
        """Raise ``LoginRefused``: it never comes to this."""
        raise LoginRefused("conflict")

    def create_user(self, claims: Claims) -> AbstractBaseUser | None:
        """Return what the backend makes of the token's claims."""
        return self._backend.create_user(claims)

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether the user is active."""
        return self._backend.user_can_authenticate(user)
