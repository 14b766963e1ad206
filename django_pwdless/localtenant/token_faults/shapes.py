"""What comes in the place of an ID token and is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django_pwdless.localtenant.signing.base64url import base64url
from django_pwdless.localtenant.signing.unsigned_token import UnsignedToken


def missing(unsigned: UnsignedToken) -> None:
    """No ``id_token`` in the answer."""
    return None


def empty(unsigned: UnsignedToken) -> str:
    """An empty string."""
    return ""


def number(unsigned: UnsignedToken) -> int:
    """A number."""
    return 42


def list_(unsigned: UnsignedToken) -> list[str]:
    """The token, in a list."""
    return [unsigned.sign()]


def object_(unsigned: UnsignedToken) -> dict[str, Any]:
    """The claims, unsigned and undisguised."""
    return unsigned.claims


def garbage(unsigned: UnsignedToken) -> str:
    """Words."""
    return "this is not a token"


def dots(unsigned: UnsignedToken) -> str:
    """Three empty parts."""
    return ".."


def not_ascii(unsigned: UnsignedToken) -> str:
    """A token with a letter no token has."""
    return unsigned.sign().replace("e", "é", 1)


def two_parts(unsigned: UnsignedToken) -> str:
    """Header and payload only."""
    return unsigned.sign().rpartition(".")[0]


def five_parts(unsigned: UnsignedToken) -> str:
    """As many parts as an encrypted token has (RFC 7516)."""
    return f"{unsigned.sign()}.e30.e30"


def huge(unsigned: UnsignedToken) -> str:
    """Half a mebibyte, signed."""
    unsigned.claims = {**unsigned.claims, "filler": "x" * (384 << 10)}
    return unsigned.sign()


def nested(unsigned: UnsignedToken) -> str:
    """Claims nested 50,000 deep, signed."""
    claims = json.dumps(unsigned.claims)[:-1]
    return unsigned.sign_payload(f'{claims},"deep":{"[" * 50_000}{"]" * 50_000}}}'.encode())


def nested_header(unsigned: UnsignedToken) -> str:
    """A header nested 50,000 deep."""
    header = f'{{"alg":"RS256","deep":{"[" * 50_000}{"]" * 50_000}}}'
    return f"{base64url(header.encode())}.{unsigned.sign().partition('.')[2]}"


def payload_list(unsigned: UnsignedToken) -> str:
    """A list of claims, signed."""
    return unsigned.sign_payload(json.dumps([unsigned.claims]).encode())


def payload_null(unsigned: UnsignedToken) -> str:
    """``null``, signed."""
    return unsigned.sign_payload(b"null")


def payload_not_json(unsigned: UnsignedToken) -> str:
    """Words, signed."""
    return unsigned.sign_payload(b"these are not claims")


def payload_not_utf8(unsigned: UnsignedToken) -> str:
    """Claims that are not UTF-8, signed."""
    return unsigned.sign_payload(b'{"sub": "\xff\xfe"}')


def header_list(unsigned: UnsignedToken) -> str:
    """A list for a header."""
    return f"{base64url(b'[1]')}.{unsigned.sign().partition('.')[2]}"


SHAPE_FAULTS: dict[str, Callable[[UnsignedToken], Any]] = {
    fault.__name__.rstrip("_"): fault
    for fault in (
        missing,
        empty,
        number,
        list_,
        object_,
        garbage,
        dots,
        not_ascii,
        two_parts,
        five_parts,
        huge,
        nested,
        nested_header,
        payload_list,
        payload_null,
        payload_not_json,
        payload_not_utf8,
        header_list,
    )
}
