"""``Identity``: who Auth0 says somebody is; ``AddressLock``: what a first login waits at."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, ClassVar

from django.conf import settings
from django.db import IntegrityError, connections, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import Moment, TextField


def subject_digest(issuer: str, subject: str) -> str:
    """Return the SHA-256 of issuer, NUL, subject, as 64 hex digits."""
    return hashlib.sha256(f"{issuer}\0{subject}".encode()).hexdigest()


def made_up_name(issuer: str, subject: str) -> str:
    """Return the user name of whoever has no other; it tells nothing to anybody."""
    return f"user-{subject_digest(issuer, subject)[:16]}"


def random_name() -> str:
    """Return another one, for where that is somebody's already."""
    return f"user-{secrets.token_hex(8)}"


def is_made_up(name: str) -> bool:
    """Whether a user name is of our making."""
    return re.fullmatch("user-[0-9a-f]{16}", name) is not None


class SubjectDigestField(TextField):
    """Follows the row's issuer and subject, also under ``bulk_create``."""

    def pre_save(self, model_instance: Any, add: bool) -> str:
        """Compute the digest just before it is stored, for a migration's historical model too."""
        digest = subject_digest(model_instance.issuer, model_instance.subject)
        setattr(model_instance, self.attname, digest)
        return digest


class IdentityManager(models.Manager["Identity"]):
    """Finds identities exactly."""

    def find(self, issuer: str, subject: str) -> Identity | None:
        """Return the identity of exactly this issuer and subject, its user fetched along.

        The look-up goes by a digest: some databases compare text without regard to case, accents
        or trailing spaces, and would hand one person's account to another.
        """
        digest = subject_digest(issuer, subject)
        # Not first() or get(): on each login they would order, and limit, what can only be one row.
        return next(iter(self.select_related("user").filter(digest=digest)), None)


class Identity(models.Model):
    """One (issuer, subject) of an ID token (OpenID Connect Core 1.0, section 2) and its user."""

    user: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="pwdless_identities",
        verbose_name=_("user"),
    )
    issuer: TextField = models.CharField(_("issuer"), max_length=255)
    subject: TextField = models.CharField(_("subject"), max_length=255)
    # Unique in any collation, which (issuer, subject) itself is not.
    digest: SubjectDigestField = SubjectDigestField(max_length=64, unique=True, editable=False)
    connection: TextField = models.CharField(_("connection"), max_length=64, blank=True)
    email: TextField = models.EmailField(_("email address"), max_length=254, blank=True)
    phone_number: TextField = models.CharField(_("phone number"), max_length=32, blank=True)
    created_at: Moment = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    #: Whether the login that this was looked up for has just tied it to its user.
    is_new: bool = False

    objects: ClassVar[IdentityManager] = IdentityManager()

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        # For the admin. On PostgreSQL the classes find what a text begins with, in any collation.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["email"], name="pwdless_identity_email", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(
                fields=["phone_number"],
                name="pwdless_identity_number",
                opclasses=["varchar_pattern_ops"],
            ),
            models.Index(fields=["connection", "id"], name="pwdless_identity_connection"),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Store the digest with whatever it follows, also where only that is saved."""
        if update_fields is not None:
            update_fields = set(update_fields)
            if update_fields & {"issuer", "subject"}:
                update_fields.add("digest")
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def label(self) -> str:
        """What its owner knows it by: address, number, or the connection's name."""
        return self.email or self.phone_number or self.connection or self.subject


class AddressLock(models.Model):  # noqa: DJ008 (no page shows one)
    """A row to hold while a first login looks for, or makes, somebody's account.

    Two identities that prove the same address at the same moment wait for each other here, on
    any database. There are at most 4,096 rows: enough that strangers seldom wait for each other,
    too few to tell whose they were.
    """

    digest: TextField = models.CharField(max_length=64, primary_key=True)
    held_at: Moment = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()

    @classmethod
    def held(cls, key: str, *, using: str) -> AbstractContextManager[None]:
        """Run a transaction that holds the lock of this address, or other text, to its end."""
        return cls._held(hashlib.sha256(key.casefold().encode()).hexdigest()[:3], using)

    @classmethod
    @contextmanager
    def _held(cls, digest: str, using: str) -> Iterator[None]:
        # A generator's frame is in each error report of what fails inside: it knows no address.
        # Makes the row outlive a rollback: on MySQL and MariaDB those who wait for a row that
        # is rolled back deadlock with each other. Inside a caller's transaction it could not.
        if not connections[using].in_atomic_block:
            cls._write(digest, using)
        with transaction.atomic(using=using):
            cls._write(digest, using)
            yield

    @classmethod
    def _write(cls, digest: str, using: str) -> None:
        """Take an exclusive lock on the row, made where it is missing.

        One statement where the database has upserts; reading first and writing later would
        deadlock on MySQL and MariaDB.
        """
        rows, features = cls._default_manager.using(using), connections[using].features
        if not features.supports_update_conflicts:
            cls._write_plainly(digest, using)
            return
        named_target = features.supports_update_conflicts_with_target
        rows.bulk_create(
            [cls(digest=digest)],
            update_conflicts=True,
            update_fields=["held_at"],
            unique_fields=["digest"] if named_target else None,
        )

    @classmethod
    def _write_plainly(cls, digest: str, using: str) -> None:
        """Do so on Oracle, SQL Server and others: an update first, which is what locks."""
        rows = cls._default_manager.using(using).filter(digest=digest)
        if not rows.update(held_at=timezone.now()):
            # Somebody else may have made it meanwhile.
            with suppress(IntegrityError), transaction.atomic(using=using):
                cls(digest=digest).save(using=using, force_insert=True)
