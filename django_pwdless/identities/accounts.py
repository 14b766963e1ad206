"""What verified claims prove, whose rows those are, and whose account a new identity is.

Rows are read where they are written: a replica that lags has what was removed. The site may decide
otherwise, by a backend of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, models, router, transaction
from django.db.models import F, QuerySet

from django_pwdless.auth0.reading import UNSTORABLE
from django_pwdless.exceptions import LoginRefused
from django_pwdless.models import (
    Identity,
    is_made_up,
    made_up_name,
    random_name,
    subject_digest,
)

Claims = Mapping[str, Any]


def verified_email(claims: Claims) -> str:
    """Return the address that Auth0 says belongs to the person, or an empty string."""
    address = _text(claims, "email")
    return address if claims.get("email_verified") is True and "@" in address else ""


def verified_number(claims: Claims, connection: str) -> str:
    """Return a number that was proven: by a texted code, or as Auth0 says."""
    is_verified = connection == "sms" or claims.get("phone_number_verified") is True
    return _text(claims, "phone_number") if is_verified else ""


def _text(claims: Claims, name: str) -> str:
    """Return a claim that any database can store; empty for another one, and other types."""
    value = claims.get(name)
    return value if isinstance(value, str) and not UNSTORABLE.search(value) else ""


def fitting(model: type[models.Model], field: str, value: str) -> str:
    """Return the value where the column can hold it, else an empty string."""
    limit = getattr(model._meta.get_field(field), "max_length", None)
    return value if limit is None or len(value) <= limit else ""


def database() -> str:
    """Return the alias of the database that identities are written to."""
    return router.db_for_write(Identity)


def rows() -> QuerySet[Identity]:
    """Return all identities."""
    return Identity._base_manager.using(database())


def find(issuer: str, subject: str) -> Identity | None:
    """Return the identity of exactly this issuer and subject, its user fetched along."""
    return Identity.objects.db_manager(database()).find(issuer, subject)


def make_identity(user: Any, claims: Claims, connection: str) -> Identity:
    """Store who Auth0 says this user is."""
    return Identity.objects.create(
        user=user,
        issuer=claims["iss"],
        subject=claims["sub"],
        connection=connection,
        email=fitting(Identity, "email", verified_email(claims)),
        phone_number=fitting(Identity, "phone_number", verified_number(claims, connection)),
    )


def user_with_identity(issuer: str, subject: str) -> Any:
    """Return the user who has this identity, as the site's own manager shows them, or None."""
    digest = subject_digest(issuer, subject)
    try:
        return get_user_model()._default_manager.get(pwdless_identities__digest=digest)
    except get_user_model().DoesNotExist:
        return None


def is_hidden(user: Any) -> bool:
    """Whether the user model's default manager leaves this user out, as a softly deleted one.

    Django looks people up by it at each request, and would find nobody in the session.
    """
    shown = get_user_model()._default_manager.using(user._state.db)
    # A manager that leaves nobody out costs no query.
    return bool(shown.query.where) and not shown.filter(pk=user.pk).exists()


def locked_user(pk: Any, *, using: str) -> Any:
    """Return the user as it is now, its row locked to the end of the transaction.

    None where it is gone, or hidden. On SQLite the database is locked.
    """
    model = get_user_model()
    row = model._base_manager.using(using).filter(pk=pk)
    row.update(**{model.USERNAME_FIELD: F(model.USERNAME_FIELD)})
    return model._default_manager.using(using).filter(pk=pk).first()


def email_field_name() -> str:
    """Return the name of the user model's address field; empty where it has none."""
    model = get_user_model()
    name: str = model.get_email_field_name()
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return ""
    return name


def find_by_verified_email(claims: Claims) -> AbstractBaseUser | None:
    """Return the one user who may be joined by the verified address of these claims.

    None without a verified address, or anybody who has it. Raises
    ``LoginRefused("conflict")`` where somebody has it who may not be joined: several users, an
    inactive one, staff, or one who signs in with another identity.
    """
    exact = users_with_address(claims)
    if not exact:
        return None
    if len(exact) > 1 or not _may_be_joined(exact[0]):
        raise LoginRefused("conflict")
    joined: AbstractBaseUser = exact[0]
    return joined


def users_with_address(claims: Claims) -> list[Any]:
    """Return who has exactly the verified address of these claims."""
    address, field = verified_email(claims), email_field_name()
    if not address or not field:
        return []
    model = get_user_model()
    users = model._default_manager.using(router.db_for_write(model))
    # The database may compare without regard to case, or to accents.
    return [user for user in users.filter(**{field: address}) if getattr(user, field) == address]


def _may_be_joined(user: Any) -> bool:
    privileged = getattr(user, "is_staff", False) or getattr(user, "is_superuser", False)
    has_identity = Identity.objects.using(user._state.db).filter(user=user).exists()
    return user.is_active and not privileged and not has_identity


def discard_password(user: AbstractBaseUser) -> None:
    """Close the account to whoever may have prepared it: its password and its sessions end."""
    user.set_unusable_password()
    user.save(update_fields=["password"])


def forget_address(user: Any, removed: Identity, kept: list[Identity]) -> None:
    """Take a removed identity's address off an account of our making; another of theirs takes over.

    The user name tells whose making it is. What the site or the person put there stays.
    """
    name = email_field_name()
    is_ours = is_made_up(str(user.get_username()))
    if not is_ours or not name or not removed.email or getattr(user, name) != removed.email:
        return
    proven = [identity.email for identity in kept if identity.email]
    nothing = None if user._meta.get_field(name).null else ""
    setattr(user, name, proven[0] if proven else nothing)
    # A unique one may be somebody else's.
    with suppress(IntegrityError), transaction.atomic(using=user._state.db):
        user.save(update_fields=[name])


def create_from_claims(claims: Claims) -> AbstractBaseUser | None:
    """Return a new user, or None where a needed claim is missing."""
    model = get_user_model()
    email_field, name_field = email_field_name(), model.USERNAME_FIELD
    address = fitting(model, email_field, verified_email(claims)) if email_field else ""
    # Without an address the field keeps its default: a unique one may well be NULL.
    values = {email_field: address} if address else {}
    if name_field == email_field:
        if not address:
            return None
    elif isinstance(model._meta.get_field(name_field), (models.CharField, models.TextField)):
        values[name_field] = _free_name(claims)
    user = model(**values)
    user.set_unusable_password()
    user.save()
    return user


def _free_name(claims: Claims) -> str:
    """Return a user name of our making that nobody has.

    That of the identity is taken where it was removed from its account, or Auth0 has given a number
    to somebody new.
    """
    model = get_user_model()
    name = made_up_name(claims["iss"], claims["sub"])
    # Whom the site's own manager hides has a name too.
    users = model._base_manager.using(router.db_for_write(model))
    is_taken = users.filter(**{model.USERNAME_FIELD: name}).exists()
    return random_name() if is_taken else name
