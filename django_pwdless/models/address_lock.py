"""``AddressLock``: first logins of one address wait for each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from django.db import IntegrityError, connections, models, transaction
from django.utils import timezone

from .fields import Moment, TextField


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
