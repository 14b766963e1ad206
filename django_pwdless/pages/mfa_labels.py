"""What people call the second factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from django_pwdless.auth0.types import Authenticator

_LABELS: dict[str, Any] = {
    "push-notification": _("Notification on your phone"),
    "otp": _("Authenticator app"),
    "phone": _("Text message or phone call"),
    "sms": _("Text message"),
    "voice": _("Phone call"),
    "email": pgettext_lazy("way to confirm", "Email"),
    "recovery-code": _("Recovery code"),
    # Of a kind that only Auth0's own pages can ask for, a security key say.
    "": _("Other second step"),
}


@dataclass(frozen=True)
class Factor:
    """A kind of second factor, as a page shows it."""

    name: str
    label: Any


@dataclass(frozen=True)
class Choice:
    """An enrolled authenticator, as a page shows it; ``hint`` is its masked name."""

    id: str
    factor: str
    label: Any
    hint: str


def describe_factor(name: str) -> Factor:
    """Return a factor with its label."""
    return Factor(name, _LABELS[name])


def describe_authenticator(item: Authenticator) -> Choice:
    """Return an authenticator with its label; a phone's says whether it is texted or called."""
    label = _LABELS.get(item.channel or item.factor, _LABELS[item.factor])
    return Choice(item.id, item.factor, label, item.name)
