"""Whose account a new identity is, where the site does not decide otherwise."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, models, router, transaction

from django_pwdless.exceptions import LoginRefused
from django_pwdless.models import Identity, is_made_up, made_up_name, random_name

from .claims import Claims, fitting, verified_email
from .rows import email_field_name


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
