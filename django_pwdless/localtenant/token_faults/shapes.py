"""What comes in the place of an ID token and is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django_pwdless.localtenant.signing.base64url import base64url
from django_pwdless.localtenant.signing.unsigned_token import Draft


def missing(draft: Draft) -> None:
    """No ``id_token`` in the answer."""
    return None


def empty(draft: Draft) -> str:
    """An empty string."""
    return ""


def number(draft: Draft) -> int:
    """A number."""
    return 42


def list_(draft: Draft) -> list[str]:
    """The token, in a list."""
    return [draft.sign()]


def object_(draft: Draft) -> dict[str, Any]:
    """The claims, unsigned and undisguised."""
    return draft.claims


def garbage(draft: Draft) -> str:
    """Words."""
    return "this is not a token"


def dots(draft: Draft) -> str:
    """Three empty parts."""
    return ".."


def not_ascii(draft: Draft) -> str:
    """A token with a letter no token has."""
    return draft.sign().replace("e", "é", 1)


def two_parts(draft: Draft) -> str:
    """Header and payload only."""
    return draft.sign().rpartition(".")[0]


def five_parts(draft: Draft) -> str:
    """As many parts as an encrypted token has (RFC 7516)."""
    return f"{draft.sign()}.e30.e30"


def huge(draft: Draft) -> str:
    """Half a mebibyte, signed."""
    draft.claims = {**draft.claims, "filler": "x" * (384 << 10)}
    return draft.sign()


def nested(draft: Draft) -> str:
    """Claims nested 50,000 deep, signed."""
    claims = json.dumps(draft.claims)[:-1]
    return draft.sign_payload(f'{claims},"deep":{"[" * 50_000}{"]" * 50_000}}}'.encode())


def nested_header(draft: Draft) -> str:
    """A header nested 50,000 deep."""
    header = f'{{"alg":"RS256","deep":{"[" * 50_000}{"]" * 50_000}}}'
    return f"{base64url(header.encode())}.{draft.sign().partition('.')[2]}"


def payload_list(draft: Draft) -> str:
    """A list of claims, signed."""
    return draft.sign_payload(json.dumps([draft.claims]).encode())


def payload_null(draft: Draft) -> str:
    """``null``, signed."""
    return draft.sign_payload(b"null")


def payload_not_json(draft: Draft) -> str:
    """Words, signed."""
    return draft.sign_payload(b"these are not claims")


def payload_not_utf8(draft: Draft) -> str:
    """Claims that are not UTF-8, signed."""
    return draft.sign_payload(b'{"sub": "\xff\xfe"}')


def header_list(draft: Draft) -> str:
    """A list for a header."""
    return f"{base64url(b'[1]')}.{draft.sign().partition('.')[2]}"


SHAPE_FAULTS: dict[str, Callable[[Draft], Any]] = {
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
