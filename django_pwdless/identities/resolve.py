"""From verified claims to an identity and its user, known or new."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.db.utils import DataError, IntegrityError, OperationalError

from django_pwdless import signals
from django_pwdless.exceptions import IdentityTaken, LoginRefused
from django_pwdless.models import AddressLock, Identity, subject_digest

from .accounts import (
    Claims,
    email_field_name,
    find,
    is_hidden,
    locked_user,
    make_identity,
    verified_email,
)
from .accounts import database as identities_database

logger: logging.Logger = logging.getLogger("django_pwdless")

T = TypeVar("T")

RETRIES = 3


class Accounts(Protocol):
    """The decisions a site may take otherwise; ``PasswordlessBackend`` holds the usual ones."""

    def find_user(self, claims: Claims) -> AbstractBaseUser | None:
        """Return the existing user of these claims, or None."""

    def join_user(self, user: AbstractBaseUser, claims: Claims) -> None:
        """Make an existing user ready to be signed in to by this identity."""

    def create_user(self, claims: Claims) -> AbstractBaseUser | None:
        """Return a new user, or None to refuse."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether the user is active."""


def resolve_identity(accounts: Accounts, claims: Claims, connection: str) -> Identity:
    """Return the identity of verified claims, made and tied to a user at a first login.

    Raises ``LoginRefused``: ``inactive``, ``unknown`` or ``conflict``.
    """
    identity = find(claims["iss"], claims["sub"])
    if identity is None:
        identity = _first_login(accounts, claims, connection)
    _check_active(accounts, identity.user)
    return identity


def _check_active(accounts: Accounts, user: Any) -> None:
    """Raise ``LoginRefused`` where the user is not let in."""
    if is_hidden(user) or not accounts.user_can_authenticate(user):
        raise LoginRefused("inactive")


def _first_login(accounts: Accounts, claims: Claims, connection: str) -> Identity:
    try:
        identity, user_created = _repeated(lambda: _make_in_turn(accounts, claims, connection))
    except (DataError, IntegrityError, ValidationError) as error:
        # Two first logins at the same moment: the other one made it.
        if made := find(claims["iss"], claims["sub"]):
            return made
        logger.error(
            "A first login broke a constraint of the user model (%s): no user was created. "
            "Override create_user of the backend, or free the name or address that is taken.",
            type(error.__cause__ or error).__name__,
        )
        raise LoginRefused("conflict") from None
    if user_created is not None:
        identity.is_new = True
        signals.identity_linked.send(
            sender=get_user_model(),
            identity=identity,
            user=identity.user,
            user_created=user_created,
        )
    return identity


def _repeated(step: Callable[[], T]) -> T:
    """Return what the step does, begun again where the database ended it for another's sake.

    A deadlock can always happen (on MySQL and MariaDB even between inserts of different users).
    Inside a transaction of the caller's only the caller could begin again.
    """
    for _ in range(RETRIES):
        try:
            return step()
        except OperationalError:
            if connections[identities_database()].in_atomic_block:
                raise
    return step()


def _make_in_turn(
    accounts: Accounts, claims: Claims, connection: str
) -> tuple[Identity, bool | None]:
    """Return the identity and whether its user was created; None where both were there already.

    First logins of one identity, or of one verified address, wait for each other.
    """
    key = verified_email(claims) or subject_digest(claims["iss"], claims["sub"])
    with AddressLock.held(key, using=identities_database()):
        # Whoever held the lock before may have been this very person.
        if made := find(claims["iss"], claims["sub"]):
            return made, None
        user, user_created = _find_or_create(accounts, claims)
        return make_identity(user, claims, connection), user_created


def _find_or_create(accounts: Accounts, claims: Claims) -> tuple[AbstractBaseUser, bool]:
    user = accounts.find_user(claims)
    if user is not None:
        _check_active(accounts, user)
        accounts.join_user(user, claims)
        return user, False
    created = accounts.create_user(claims)
    if created is None:
        raise LoginRefused("unknown")
    return created, True


def add_identity(
    user: Any, claims: Claims, connection: str, is_still_theirs: Callable[[Any], bool]
) -> tuple[Identity, bool]:
    """Return the identity of verified claims as this signed-in user's own, and whether it is new.

    Auth0 has been asked since the user was loaded, so ``is_still_theirs`` looks at the user as it
    is now. Raises ``LoginRefused`` where it says no, or the address has changed, ``IdentityTaken``
    where the identity is somebody else's.
    """
    identity, is_new = _repeated(lambda: _add_in_turn(user, claims, connection, is_still_theirs))
    if is_new:
        signals.identity_linked.send(
            sender=get_user_model(), identity=identity, user=identity.user, user_created=False
        )
    return identity, is_new


def _add_in_turn(
    user: Any,
    claims: Claims,
    connection: str,
    is_still_theirs: Callable[[Any], bool],
) -> tuple[Identity, bool]:
    """Return the identity, and whether it was added.

    A first login that may join the account by its address waits, or has been: then the password
    is another one.
    """
    address, database = _address_of(user), identities_database()
    with AddressLock.held(address or str(user.pk), using=database):
        now = locked_user(user.pk, using=database)
        if now is None or _address_of(now) != address or not is_still_theirs(now):
            raise LoginRefused("denied")
        try:
            with transaction.atomic(using=database):
                return make_identity(now, claims, connection), True
        except IntegrityError:
            taken = find(claims["iss"], claims["sub"])
            if taken is None or taken.user_id != now.pk:
                raise IdentityTaken from None
            return taken, False


def _address_of(user: Any) -> str:
    field = email_field_name()
    return str(getattr(user, field) or "") if field else ""
