"""Enrolled second factors, and how they look on the wire."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from django_pwdless.localtenant.switches import Switches

from . import totp

LETTERS = string.ascii_uppercase + string.digits


@dataclass(frozen=True)
class Kind:
    """How Auth0 names one kind of factor in each of its vocabularies."""

    prefix: str
    authenticator_type: str
    channel: str | None
    requirement: str


KINDS = {
    "otp": Kind("totp", "otp", None, "otp"),
    "sms": Kind("sms", "oob", "sms", "phone"),
    "voice": Kind("voice", "oob", "voice", "phone"),
    "email": Kind("email", "oob", "email", "email"),
    "push-notification": Kind("push", "oob", "auth0", "push-notification"),
    "recovery-code": Kind("recovery-code", "recovery-code", None, "recovery-code"),
    "webauthn-roaming": Kind("webauthn", "webauthn-roaming", None, "webauthn-roaming"),
    "webauthn-platform": Kind("webauthn", "webauthn-platform", None, "webauthn-platform"),
}
PHONES = ("sms", "voice")


@dataclass
class Authenticator:
    """One enrolled factor.

    ``target`` is the number, address or device; ``secret`` the TOTP secret or recovery code;
    ``used_step`` the last TOTP step that was used; ``twin_of`` the id of the one that brought it
    along. ``wire`` replaces what the list shows.
    """

    factor: str
    target: str | None = None
    secret: str | None = None
    active: bool = True
    id: str = ""
    created_at: float = 0.0
    used_step: int = -1
    twin_of: str = ""
    wire: dict[str, Any] | None = None
    last_auth: float | None = field(default=None)

    def __post_init__(self) -> None:
        if self.factor not in KINDS:
            raise ValueError(f"no factor {self.factor!r}; there are {', '.join(KINDS)}")
        self.id = self.id or f"{self.kind.prefix}|dev_{secrets.token_hex(8)}"
        if self.secret is None:
            self.secret = _new_secret(self.factor)

    @property
    def kind(self) -> Kind:
        """The names of this kind of factor."""
        return KINDS[self.factor]

    @property
    def is_oob(self) -> bool:
        """Whether something is sent to prove it."""
        return self.kind.authenticator_type == "oob"

    def to_wire(self, switches: Switches) -> dict[str, Any]:
        """Return the entry of ``GET /mfa/authenticators``."""
        if self.wire is not None:
            return self.wire
        entry: dict[str, Any] = {"id": self.id, "authenticator_type": self.kind.authenticator_type}
        entry["active"] = self.active
        if self.kind.channel:
            name = "oob_channels" if switches.oob_channels_as_list else "oob_channel"
            channel: Any = self.kind.channel
            entry[name] = [channel] if switches.oob_channels_as_list else channel
        if self.is_oob:
            entry["name"] = masked(self.target or "")
        if switches.authenticators_have_type:
            entry["type"] = self.kind.requirement
        return {**entry, **self._dates()}

    def _dates(self) -> dict[str, str]:
        dates = {"created_at": self.created_at or None, "last_auth": self.last_auth}
        return {
            name: datetime.fromtimestamp(seconds, timezone.utc).isoformat()
            for name, seconds in dates.items()
            if seconds is not None
        }


def masked(target: str) -> str:
    """Return a number, an address or a device's name as Auth0 shows it."""
    if target.startswith("+"):
        return "X" * (len(target) - 4) + target[-4:]
    if "@" in target:
        domain = target.rpartition("@")[2]
        return f"****@{domain[:4]}{'*' * max(0, len(domain) - 4)}"
    return target


def new_recovery_code() -> str:
    """Return 24 letters and digits."""
    return "".join(secrets.choice(LETTERS) for _ in range(24))


def _new_secret(factor: str) -> str | None:
    if factor == "otp":
        return totp.new_secret()
    return new_recovery_code() if factor == "recovery-code" else None
