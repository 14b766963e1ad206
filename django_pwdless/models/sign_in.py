"""``SignIn``: where somebody is signed in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import Moment, Number, OptionalMoment, Text, TextField, set_null_where_kept
from .identity import Identity
from .user_agents import browser_family, system_family


class SignIn(models.Model):
    """One session that somebody is signed in with, whichever backend made it.

    The session holds this row's id, and the row's end is the session's end; no session key is
    stored, and no address. Change rows by UPDATE only: ``save()`` could bring an ended one back.
    """

    user: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="pwdless_sign_ins",
        verbose_name=_("user"),
    )
    # Without a constraint, which would not let an identity go while SIGN_INS is off.
    identity: models.ForeignKey[Any, Any] = models.ForeignKey(
        Identity,
        on_delete=set_null_where_kept,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="sign_ins",
        verbose_name=_("identity"),
    )
    created_at: Moment = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    last_seen_at: Moment = models.DateTimeField(_("last active at"), default=timezone.now)
    expires_at: Moment = models.DateTimeField(_("expires at"))
    method: TextField = models.CharField(_("method"), max_length=32, blank=True)
    mfa_factor: TextField = models.CharField(_("second factor"), max_length=32, blank=True)
    sid: TextField = models.CharField(_("Auth0 session"), max_length=255, blank=True)
    user_agent: TextField = models.CharField(_("browser"), max_length=200, blank=True)
    # Sealed, and opened by the package ``tokens`` alone; the others are how one refresh at a time
    # is kept to. A version is never used twice, ``refresh_until`` is when its lease is over.
    tokens: Text = models.TextField(blank=True, default="", editable=False)
    tokens_version: Number = models.PositiveBigIntegerField(default=0, editable=False)
    refresh_state: TextField = models.CharField(max_length=16, blank=True, editable=False)
    refresh_until: OptionalMoment = models.DateTimeField(null=True, editable=False)

    #: Whether it is that of the request which lists it.
    current: bool = False

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        default_permissions = ("view", "delete")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sid"], name="pwdless_sign_in_sid"),
            models.Index(fields=["expires_at"], name="pwdless_sign_in_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    @property
    def browser(self) -> str:
        """The browser's family, one of a fixed list, or an empty string."""
        return browser_family(self.user_agent)

    @property
    def system(self) -> str:
        """The system's family, one of a fixed list, or an empty string."""
        return system_family(self.user_agent)
