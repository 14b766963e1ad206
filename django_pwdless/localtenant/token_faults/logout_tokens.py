"""Logout tokens that a site must not take (OpenID Connect Back-Channel Logout 1.0, section 2.6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django_pwdless.localtenant.signing.unsigned_token import UnsignedToken

from .claims import ABSENT, CLAIM_FAULTS, HOUR, claiming, deriving
from .signatures import SIGNATURE_FAULTS

Fault = Callable[[UnsignedToken], Any]

EVENT = "http://schemas.openid.net/event/backchannel-logout"
MEGABYTE = 1024 * 1024
_SHARED = ("iss", "aud_", "no_aud", "wrong_aud", "exp", "no_exp", "iat", "no_iat", "nbf", "no_iss")
#: A logout token needs no ``azp``, and may name its one audience in a list.
_HARMLESS_HERE = ("aud_list_without_azp", "aud_list_wrong_azp", "aud_list_with_azp")


def typed(typ: Any) -> Fault:
    """Return a fault of the header's ``typ``."""

    def fault(unsigned: UnsignedToken) -> str:
        unsigned.header["typ"] = typ
        return unsigned.sign()

    return fault


OWN_FAULTS: dict[str, Fault] = {
    "with_nonce": claiming(nonce="n"),
    "with_empty_nonce": claiming(nonce=""),
    "with_null_nonce": claiming(nonce=None),
    "no_events": claiming(events=ABSENT),
    "events_empty": claiming(events={}),
    "events_list": claiming(events=[EVENT]),
    "events_string": claiming(events=EVENT),
    "other_event": claiming(events={"http://schemas.openid.net/event/other": {}}),
    "event_null": claiming(events={EVENT: None}),
    "event_true": claiming(events={EVENT: True}),
    "nobody": claiming(sub=ABSENT, sid=ABSENT),
    "sub_empty": claiming(sub=""),
    "sub_number": claiming(sub=5),
    "sub_null": claiming(sub=None),
    "sid_empty": claiming(sid=""),
    "sid_number": claiming(sid=5),
    "sid_list": deriving(lambda good: {"sid": [good.get("sid")]}),
    "sid_nul": claiming(sid="a\0b"),
    "sid_long": claiming(sid="s" * 10_000),
    "a_day_old": deriving(lambda good: {"iat": good["iat"] - 24 * HOUR}),
    "typ_of_access": typed("at+jwt"),
    "typ_null": typed(None),
    "typ_list": typed(["logout+jwt"]),
    "id_token": claiming(events=ABSENT, nonce="n"),
    "huge": claiming(padding="x" * MEGABYTE),
}

LOGOUT_TOKEN_FAULTS: dict[str, Fault] = {
    **{
        name: fault
        for name, fault in CLAIM_FAULTS.items()
        if name.startswith(_SHARED) and name not in (*_HARMLESS_HERE, "aud_list_of_one")
    },
    "expired": CLAIM_FAULTS["expired"],
    **SIGNATURE_FAULTS,
    **OWN_FAULTS,
}


def spoil_logout_token(unsigned: UnsignedToken, name: str) -> str:
    """Return the logout token as the fault ``name`` makes it; raise ValueError for none such."""
    if name not in LOGOUT_TOKEN_FAULTS:
        raise ValueError(f"no fault {name!r}; there are {', '.join(LOGOUT_TOKEN_FAULTS)}")
    spoiled: str = LOGOUT_TOKEN_FAULTS[name](unsigned)
    return spoiled
