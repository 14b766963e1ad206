"""What Auth0 answers, as frozen dataclasses; the wire's names and odd shapes end here.

Unknown fields are ignored, unknown kinds left out, and anything that cannot be used raises
``Unavailable``: an answer of the wrong shape is an outage, not a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django_pwdless.exceptions import AnswerLost, Unavailable

from .reading import (
    MAX_ID_TOKEN,
    MAX_ITEMS,
    MAX_SEALED,
    MAX_TOKEN,
    required,
    strings,
    text,
    visible,
)

# The words for one factor in requirements ("type"), channels and older answers, all read alike.
FACTORS = {
    "otp": "otp",
    "totp": "otp",
    "phone": "phone",
    "sms": "phone",
    "voice": "phone",
    "push-notification": "push-notification",
    "auth0": "push-notification",
    "push": "push-notification",
    "email": "email",
    "recovery-code": "recovery-code",
}


@dataclass(frozen=True)
class TokenSet:
    """The answer of ``/oauth/token``. ``recovery_code`` is a new one that replaces the one used.

    ``access_token`` is None where none came that can be sent as a bearer token (RFC 6750);
    ``expires_in`` is its life in seconds. ``id_token`` is empty where a refresh brought none.
    """

    id_token: str = field(repr=False)
    access_token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_in: int | None = None
    recovery_code: str | None = field(default=None, repr=False)
    scope: str = ""

    @classmethod
    def from_wire(cls, data: dict[str, Any]) -> TokenSet:
        """Read the wire's object; raises ``Unavailable`` without an ID token."""
        return cls._read(data, required)

    @classmethod
    def from_refresh(cls, data: dict[str, Any]) -> TokenSet:
        """Read an answer that needs no ID token; raises ``AnswerLost`` without an access token."""
        tokens = cls._read(data, text)
        if tokens.access_token is None:
            raise AnswerLost("The answer holds no usable access_token.")
        return tokens

    @classmethod
    def _read(cls, data: dict[str, Any], read: Callable[..., str | None]) -> TokenSet:
        expires_in, kind = data.get("expires_in"), data.get("token_type", "Bearer")
        is_bearer = isinstance(kind, str) and kind.lower() == "bearer"
        return cls(
            id_token=read(data, "id_token", MAX_ID_TOKEN) or "",
            access_token=visible(data, "access_token", MAX_TOKEN) if is_bearer else None,
            refresh_token=visible(data, "refresh_token", MAX_SEALED),
            expires_in=expires_in if type(expires_in) is int else None,
            recovery_code=text(data, "recovery_code"),
            scope=text(data, "scope", MAX_SEALED) or "",
        )


@dataclass(frozen=True)
class Challenge:
    """The answer of ``/mfa/challenge``, named by ``oob_code``.

    With ``needs_code`` the person types a code; without, a push notification is answered.
    """

    oob_code: str | None = field(default=None, repr=False)
    needs_code: bool = True

    @classmethod
    def from_wire(cls, data: dict[str, Any]) -> Challenge:
        """Read the wire's object; raises ``Unavailable`` where its ``oob_code`` is missing."""
        if data.get("challenge_type") == "otp":
            return cls()
        return cls(
            oob_code=required(data, "oob_code", MAX_SEALED),
            needs_code=data.get("binding_method") == "prompt",
        )


@dataclass(frozen=True)
class Authenticator:
    """One enrolled second factor: its id, ``factor``, ``channel`` (out of band) and masked name.

    ``factor`` is a value of ``MFA_FACTORS``, or empty.
    """

    id: str
    factor: str
    channel: str | None = None
    name: str = ""
    is_active: bool = True

    @classmethod
    def from_wire(cls, data: Any) -> Authenticator | None:
        """Read one entry; None for one without a usable id.

        ``factor`` is empty for a kind nobody here knows. Where ``type`` is missing it follows from
        the channel, else from ``authenticator_type``.
        """
        identifier = text(data, "id") if isinstance(data, dict) else None
        if not identifier or not identifier.isprintable():
            return None
        channel = _channel(data)
        words = (text(data, "type"), channel, text(data, "authenticator_type"))
        factor = next((FACTORS[word] for word in words if word in FACTORS), "")
        return cls(
            id=identifier,
            factor=factor,
            channel=channel,
            name=text(data, "name") or text(data, "phone_number") or "",
            is_active=data.get("active") is not False,
        )

    @classmethod
    def list_from_wire(cls, data: Any) -> tuple[Authenticator, ...]:
        """Read the array; raises ``Unavailable`` where it is none, or nothing of it is readable.

        That is no empty list, which says that nothing is enrolled.
        """
        if not isinstance(data, list):
            raise Unavailable("The list of authenticators is no list.")
        found = (cls.from_wire(entry) for entry in data[:MAX_ITEMS])
        usable = tuple(entry for entry in found if entry is not None)
        if data and not usable:
            raise Unavailable("The list of authenticators holds none that can be read.")
        return usable


@dataclass(frozen=True)
class Requirements:
    """Which factors may be challenged and which enrolled; empty means no restriction.

    ``names_unknown_only`` tells that challenges are restricted, to kinds nobody here knows.
    """

    challenge: tuple[str, ...] = ()
    enroll: tuple[str, ...] = ()
    names_unknown_only: bool = False

    @classmethod
    def from_wire(cls, data: Any) -> Requirements:
        """Read ``mfa_requirements`` in either of its documented shapes."""
        data = data if isinstance(data, dict) else {}
        wanted = list(_kinds(data.get("challenge"))) or list(_kinds(data.get("challenge_types")))
        # In the second shape "oob" stands for every out-of-band channel.
        restricted = [] if "oob" in wanted else wanted
        challenge = _factors(restricted)
        return cls(
            challenge=challenge,
            enroll=_factors(_kinds(data.get("enroll"))),
            names_unknown_only=bool(restricted) and not challenge,
        )


@dataclass(frozen=True)
class Enrollment:
    """The answer of ``/mfa/associate``, to be confirmed like a challenge.

    ``secret`` is base32 (authenticator app only), ``barcode_uri`` what the QR code holds.
    """

    oob_code: str | None = field(default=None, repr=False)
    needs_code: bool = True
    secret: str | None = field(default=None, repr=False)
    barcode_uri: str | None = field(default=None, repr=False)
    recovery_codes: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def from_wire(cls, data: dict[str, Any]) -> Enrollment:
        """Read the wire's object; raises ``Unavailable`` where its essential part is missing."""
        is_app = data.get("authenticator_type") == "otp"
        codes = data.get("recovery_codes")
        return cls(
            oob_code=None if is_app else required(data, "oob_code", MAX_SEALED),
            needs_code=is_app or data.get("binding_method") == "prompt",
            secret=required(data, "secret") if is_app else None,
            barcode_uri=text(data, "barcode_uri", 4096),
            recovery_codes=tuple(strings(codes)),
        )


def _channel(data: dict[str, Any]) -> str | None:
    """``oob_channel`` or ``oob_channels``, a word or a list of them."""
    for key in ("oob_channel", "oob_channels"):
        value = data.get(key)
        for word in [value] if isinstance(value, str) else strings(value):
            if word in FACTORS:
                return word
    return None


def _kinds(value: Any) -> Iterator[str]:
    """The words of ``[{"type": "otp"}, …]`` or of ``["otp", …]``."""
    for item in value[:MAX_ITEMS] if isinstance(value, list) else ():
        word = item.get("type") if isinstance(item, dict) else item
        if isinstance(word, str):
            yield word


def _factors(words: Iterator[str] | list[str]) -> tuple[str, ...]:
    """Factor names without repetition, in their order; unknown words are left out."""
    return tuple(dict.fromkeys(FACTORS[word] for word in words if word in FACTORS))
