"""Every way an ID token or an access token can be wrong, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django_pwdless.localtenant.signing.unsigned_token import UnsignedToken

from .access_tokens import ACCESS_TOKEN_FAULTS, spoil_access_token
from .claims import ABSENT, CLAIM_FAULTS
from .shapes import SHAPE_FAULTS
from .signatures import SIGNATURE_FAULTS

__all__ = [
    "ABSENT",
    "ACCESS_TOKEN_FAULTS",
    "FAULTS",
    "HARMLESS",
    "NONCE_FAULTS",
    "PROFILE_FAULTS",
    "check_name",
    "spoil",
    "spoil_access_token",
]

FAULTS: dict[str, Callable[[UnsignedToken], Any]] = {
    **CLAIM_FAULTS,
    **SIGNATURE_FAULTS,
    **SHAPE_FAULTS,
}

#: Unusual, but nothing a site may refuse.
HARMLESS = frozenset({"aud_list_of_one", "aud_list_with_azp"})

#: Wrong only where the login sent a nonce.
NONCE_FAULTS = frozenset({"no_nonce", "wrong_nonce", "empty_nonce", "nonce_not_string"})

#: The token is fine, a claim of the person is not.
PROFILE_FAULTS = frozenset(
    {"email_verified_string", "email_verified_number", "email_not_string", "email_null"}
)


def check_name(name: str | None) -> None:
    """Raise ValueError for a token fault that there is not."""
    if name is not None and name not in FAULTS:
        raise ValueError(f"no token fault {name!r}; there are {', '.join(FAULTS)}")


def spoil(unsigned: UnsignedToken, name: str) -> Any:
    """Return the ID token as the fault ``name`` makes it: mostly a string, sometimes not."""
    return FAULTS[name](unsigned)
