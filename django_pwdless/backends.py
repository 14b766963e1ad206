"""The authentication backend: a verified ID token in, a user out."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from .conf import conf
from .exceptions import LoginRefused, Misconfigured
from .identities import accounts
from .identities.accounts import Claims
from .identities.resolve import resolve_identity
from .models import Identity
from .provider import get_client


class PasswordlessBackend(ModelBackend):
    """Signs people in by ID tokens that this server fetched from Auth0; never by a password.

    Override ``find_user``, ``join_user``, ``create_user`` and ``update_user`` to decide who an
    identity belongs to. Permissions are those of ``ModelBackend``.
    """

    @sensitive_variables()
    def authenticate(  # type: ignore[override]
        self,
        request: HttpRequest | None,
        *,
        id_token: str | None = None,
        nonce: str | None = None,
        **credentials: Any,
    ) -> AbstractBaseUser | None:
        """Return the user of an ID token; None without one, or where the person is not let in.

        For a site's own code: a sign-in by our pages does not come here. ``flows.completion`` has
        the token's claims to check and record too, and asks ``identify``, as this does.

        Only for tokens this server fetched itself: one from a browser proves nothing. ``nonce`` is
        the one that was sent, if one was. Raises a member of the ``InvalidToken`` family for a
        token that fails verification, ``Unavailable`` where the tenant's keys cannot be had.
        """
        if id_token is None:
            return None
        claims = get_client().verify_id_token(id_token, nonce=nonce)
        try:
            user: AbstractBaseUser = self.identify(claims).user
        except LoginRefused:
            return None
        return user

    @sensitive_variables()
    async def aauthenticate(  # type: ignore[override]
        self, request: HttpRequest | None, **credentials: Any
    ) -> AbstractBaseUser | None:
        """Answer as ``authenticate`` does."""

        # Handed over as arguments, the token would be in frames that are not ours.
        @sensitive_variables()
        def in_thread() -> AbstractBaseUser | None:
            return self.authenticate(request, **credentials)

        return await sync_to_async(in_thread)()

    async def aget_user(self, user_id: Any) -> Any:
        """Answer as ``get_user`` does."""
        return await sync_to_async(self.get_user)(user_id)

    def identify(self, claims: Claims, *, connection: str = "") -> Identity:
        """Return the identity of verified claims, its user found, joined or created.

        Never call it with claims that ``verify_id_token`` did not return. Raises ``LoginRefused``.
        """
        found = resolve_identity(self, claims, connection)
        self.update_user(found.user, claims)
        return found

    def find_user(self, claims: Claims) -> AbstractBaseUser | None:
        """Return the existing user a new identity belongs to; None to create one.

        By default only with ``LINK_BY_VERIFIED_EMAIL``, by exactly the verified address. Raises
        ``LoginRefused("conflict")`` to refuse.
        """
        return accounts.find_by_verified_email(claims) if conf.LINK_BY_VERIFIED_EMAIL else None

    def join_user(self, user: AbstractBaseUser, claims: Claims) -> None:
        """Prepare the user that ``find_user`` returned; by default its password becomes unusable.

        Somebody else may have made the account with a password of theirs, and waited.
        """
        accounts.discard_password(user)

    def create_user(self, claims: Claims) -> AbstractBaseUser | None:
        """Return a new, saved user for a new identity; None to refuse.

        By default None without ``CREATE_USERS``.
        """
        return accounts.create_from_claims(claims) if conf.CREATE_USERS else None

    def update_user(self, user: AbstractBaseUser, claims: Claims) -> None:
        """Called at each login; by default does nothing and queries nothing."""


def site_backend() -> tuple[PasswordlessBackend, str]:
    """Return the site's own subclass of the backend, or the backend itself, and its path.

    The path as it is in the settings, where Django looks for it at each request: a class may be
    listed by where it was imported to. Raises ``Misconfigured`` where it is not listed.
    """
    for path in settings.AUTHENTICATION_BACKENDS:
        backend = auth.load_backend(path)
        if isinstance(backend, PasswordlessBackend):
            return backend, path
    raise Misconfigured(
        "AUTHENTICATION_BACKENDS has no PasswordlessBackend, so that nobody can sign in: add "
        "'django_pwdless.backends.PasswordlessBackend' or your subclass of it."
    )
