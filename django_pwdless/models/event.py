"""``Event``: what happened, as the log has it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import Moment, TextField, set_null_where_kept
from .identity import Identity


class Event(models.Model):
    """One outcome of a login or of what a signed-in person did, kept while ``EVENTS`` is on.

    ``kind``, ``method`` and ``reason`` are those of the log's record; of a limit the reason is
    which. ``user`` and ``identity`` are there only where they are proven.
    """

    kind: TextField = models.CharField(_("kind"), max_length=32)
    # Neither has a constraint: a user who goes at this moment is in nobody's way.
    user: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="pwdless_events",
        verbose_name=_("user"),
    )
    identity: models.ForeignKey[Any, Any] = models.ForeignKey(
        Identity,
        on_delete=set_null_where_kept,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="events",
        verbose_name=_("identity"),
    )
    identifier_digest: TextField = models.CharField(max_length=64, blank=True, editable=False)
    address: TextField = models.CharField(_("network"), max_length=43, blank=True)
    method: TextField = models.CharField(_("method"), max_length=32, blank=True)
    reason: TextField = models.CharField(_("reason"), max_length=64, blank=True)
    created_at: Moment = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        default_permissions = ("view", "delete")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["identifier_digest"], name="pwdless_event_identifier"),
            models.Index(fields=["created_at"], name="pwdless_event_created"),
            models.Index(fields=["kind", "id"], name="pwdless_event_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d %H:%M}"
