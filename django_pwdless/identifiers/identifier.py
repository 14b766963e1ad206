"""What a person types to say who they are: an email address or a phone number."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from .characters import without_invisible
from .mailboxes import mailbox_key
from .phone_numbers import country_code, parse_phone_number, phone_key

MAX_LENGTH = 320
# Translators: keep example.com.
_NOT_AN_ADDRESS = _("Enter an email address, like name@example.com.")
# How keyboards of other scripts write them: full-width, small, ideographic.
_SIGNS = str.maketrans({"＠": "@", "﹫": "@", "。": ".", "．": ".", "｡": "."})


@dataclass(frozen=True)
class Identifier:
    """An address or an E.164 number, as it is sent to Auth0, and its connection there."""

    connection: str
    value: str = field(repr=False)

    @property
    def key(self) -> str:
        """What limits count by: the same for all spellings that reach one mailbox or phone."""
        return phone_key(self.value) if self.connection == "sms" else mailbox_key(self.value)

    @property
    def masked(self) -> str:
        """Enough to recognise one's own, too little to learn somebody else's."""
        if self.connection == "sms":
            # No line of a page is to end within it.
            return "\N{NO-BREAK SPACE}".join([country_code(self.value), "•••", self.value[-2:]])
        local, _at, domain = self.value.rpartition("@")
        return f"{local[:1]}•••@{domain}"


def identifier_of(value: str) -> Identifier | None:
    """Return the address or number that a known one is; None for an empty text."""
    return Identifier("email" if "@" in value else "sms", value) if value else None


def parse_identifier(text: str, connections: frozenset[str]) -> Identifier:
    """Return what was typed, for one of these connections (``email``, ``sms``).

    Raises ``ValidationError`` where it is malformed or of a kind that is not offered.
    """
    visible = without_invisible(text).translate(_SIGNS).strip()
    text = unicodedata.normalize("NFC", visible)
    if "sms" in connections and ("email" not in connections or "@" not in text):
        if "email" in connections and not any(char.isdecimal() for char in text):
            message = _(
                # Translators: keep example.com.
                "Enter an email address or phone number, like name@example.com or +49 151 23456789."
            )
            raise ValidationError(message, "invalid")
        return Identifier("sms", parse_phone_number(text))
    if "email" not in connections:
        raise ValidationError(_("Use another sign-in method."), "invalid")
    return _email(text)


def _email(text: str) -> Identifier:
    local, _at, domain = text.rpartition("@")
    # The validator's pattern knows no case, and takes a dotless i for an i, a long s for an s.
    if len(text) > MAX_LENGTH or not local.isascii():
        raise ValidationError(_NOT_AN_ADDRESS, "invalid")
    EmailValidator(_NOT_AN_ADDRESS)(text)
    return Identifier("email", f"{local}@{domain.lower()}")
