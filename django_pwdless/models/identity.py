"""``Identity``: who Auth0 says somebody is."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
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
