"""User models as sites have them; ``AUTH_USER_MODEL`` is one of them at a time."""

from __future__ import annotations

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class EmailAsName(AbstractBaseUser):
    """The address is the user name."""

    email = models.EmailField(unique=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"

    objects = BaseUserManager["EmailAsName"]()


class NoEmail(AbstractBaseUser):
    """A user name, a password, and nothing to write to."""

    handle = models.CharField(max_length=30, unique=True)

    USERNAME_FIELD = "handle"

    objects = BaseUserManager["NoEmail"]()


class NoName(AbstractBaseUser):
    """People are a UUID; whoever has an address has it under another name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    # Unique where there is one.
    mail = models.EmailField(unique=True, null=True)  # noqa: DJ001

    USERNAME_FIELD = "id"
    EMAIL_FIELD = "mail"

    objects = BaseUserManager["NoName"]()


class MoreRequired(AbstractBaseUser):
    """What no token says is required too."""

    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    birthday = models.DateField()

    USERNAME_FIELD = "username"

    objects = BaseUserManager["MoreRequired"]()


class UniqueAddress(AbstractBaseUser):
    """Everybody has an address of their own, and a key."""

    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(unique=True)
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    since = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"

    objects = BaseUserManager["UniqueAddress"]()


class Numbered(AbstractBaseUser):
    """Everybody has a number of their own, which somebody has to give them."""

    username = models.CharField(max_length=150, unique=True)
    number = models.CharField(max_length=20, unique=True, blank=True)

    USERNAME_FIELD = "username"

    objects = BaseUserManager["Numbered"]()


class ActiveManager(BaseUserManager["SoftDeleted"]):
    """Hides whoever was deleted."""

    def get_queryset(self) -> models.QuerySet[SoftDeleted]:
        return super().get_queryset().filter(deleted_at=None)


class SoftDeleted(AbstractBaseUser):
    """Nobody is ever gone."""

    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    deleted_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"

    objects = ActiveManager()
    everybody = models.Manager["SoftDeleted"]()
