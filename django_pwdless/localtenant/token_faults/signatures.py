"""ID tokens whose claims are good and whose signature or header must not be believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django_pwdless.localtenant.signing.base64url import base64url
from django_pwdless.localtenant.signing.keys import FOREIGN
from django_pwdless.localtenant.signing.unsigned_token import UnsignedToken


def alg_none(unsigned: UnsignedToken) -> str:
    """``alg: none``, no signature (RFC 7519 6)."""
    return _without_signature(unsigned, "none")


def alg_none_in_capitals(unsigned: UnsignedToken) -> str:
    """``alg: NonE``, for comparisons that forget the case."""
    return _without_signature(unsigned, "NonE")


def no_alg(unsigned: UnsignedToken) -> str:
    """No ``alg`` in the header."""
    good = unsigned.sign()
    del unsigned.header["alg"]
    return _with_header(unsigned, good)


def hs256_with_public_key(unsigned: UnsignedToken) -> str:
    """HS256 with the published RSA key, as PEM, for a secret."""
    unsigned.header["alg"], unsigned.secret = "HS256", unsigned.public_pem
    return unsigned.sign()


def hs256_with_client_id(unsigned: UnsignedToken) -> str:
    """HS256 with the client id for a secret."""
    unsigned.header["alg"], unsigned.secret = "HS256", str(unsigned.claims.get("aud")).encode()
    return unsigned.sign()


def hs256_with_empty_key(unsigned: UnsignedToken) -> str:
    """HS256 with an empty secret."""
    unsigned.header["alg"], unsigned.secret = "HS256", b""
    return unsigned.sign()


def other_algorithm(unsigned: UnsignedToken) -> str:
    """The right key with an algorithm that was not agreed on."""
    unsigned.header["alg"] = "RS512"
    return unsigned.sign()


def foreign_key(unsigned: UnsignedToken) -> str:
    """A stranger's key under the id of the tenant's own."""
    _take_foreign_key(unsigned)
    return unsigned.sign()


def unknown_kid(unsigned: UnsignedToken) -> str:
    """A stranger's key under its own id."""
    _take_foreign_key(unsigned)
    unsigned.header["kid"] = FOREIGN[0].kid
    return unsigned.sign()


def no_kid(unsigned: UnsignedToken) -> str:
    """A stranger's key without an id."""
    _take_foreign_key(unsigned)
    unsigned.header.pop("kid", None)
    return unsigned.sign()


def kid_number(unsigned: UnsignedToken) -> str:
    """An id that is no string."""
    unsigned.header["kid"] = 7
    return unsigned.sign()


def kid_list(unsigned: UnsignedToken) -> str:
    """An id that cannot even be looked up."""
    unsigned.header["kid"] = [unsigned.header.get("kid")]
    return unsigned.sign()


def crit(unsigned: UnsignedToken) -> str:
    """An extension that has to be understood (RFC 7515 4.1.11)."""
    unsigned.header.update({"crit": ["must-understand"], "must-understand": True})
    return unsigned.sign()


def embedded_jwk(unsigned: UnsignedToken) -> str:
    """A stranger's key, brought along in the header."""
    _take_foreign_key(unsigned)
    unsigned.header["jwk"] = FOREIGN[0].jwk
    return unsigned.sign()


def jku(unsigned: UnsignedToken) -> str:
    """A stranger's key, and where to fetch it."""
    _take_foreign_key(unsigned)
    unsigned.header.update(kid=FOREIGN[0].kid, jku=f"{unsigned.claims.get('iss')}jku.json")
    return unsigned.sign()


def x5u(unsigned: UnsignedToken) -> str:
    """A stranger's key, and where to fetch its certificate."""
    _take_foreign_key(unsigned)
    unsigned.header.update(kid=FOREIGN[0].kid, x5u=f"{unsigned.claims.get('iss')}x5u.pem")
    return unsigned.sign()


def changed_after_signing(unsigned: UnsignedToken) -> str:
    """A good signature over other claims."""
    signature = unsigned.sign().rpartition(".")[2]
    unsigned.claims = {**unsigned.claims, "sub": "email|000000000000000000000000"}
    return f"{unsigned.sign().rpartition('.')[0]}.{signature}"


def no_signature(unsigned: UnsignedToken) -> str:
    """Nothing after the second dot."""
    return unsigned.sign().rpartition(".")[0] + "."


def short_signature(unsigned: UnsignedToken) -> str:
    """Half a signature."""
    return unsigned.sign()[:-102]


def _without_signature(unsigned: UnsignedToken, algorithm: str) -> str:
    good = unsigned.sign()
    unsigned.header["alg"] = algorithm
    unsigned.header.pop("kid", None)
    return _with_header(unsigned, good).rpartition(".")[0] + "."


def _with_header(unsigned: UnsignedToken, token: str) -> str:
    return f"{base64url(json.dumps(unsigned.header).encode())}.{token.partition('.')[2]}"


def _take_foreign_key(unsigned: UnsignedToken) -> None:
    unsigned.key = FOREIGN[0].private


SIGNATURE_FAULTS: dict[str, Callable[[UnsignedToken], Any]] = {
    fault.__name__: fault
    for fault in (
        alg_none,
        alg_none_in_capitals,
        no_alg,
        hs256_with_public_key,
        hs256_with_client_id,
        hs256_with_empty_key,
        other_algorithm,
        foreign_key,
        unknown_kid,
        no_kid,
        kid_number,
        kid_list,
        crit,
        embedded_jwk,
        jku,
        x5u,
        changed_after_signing,
        no_signature,
        short_signature,
    )
}
