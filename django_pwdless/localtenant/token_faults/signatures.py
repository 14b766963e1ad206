"""ID tokens whose claims are good and whose signature or header must not be believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django_pwdless.localtenant.signing.base64url import base64url
from django_pwdless.localtenant.signing.keys import FOREIGN
from django_pwdless.localtenant.signing.unsigned_token import Draft


def alg_none(draft: Draft) -> str:
    """``alg: none``, no signature (RFC 7519 6)."""
    return _unsigned(draft, "none")


def alg_none_in_capitals(draft: Draft) -> str:
    """``alg: NonE``, for comparisons that forget the case."""
    return _unsigned(draft, "NonE")


def no_alg(draft: Draft) -> str:
    """No ``alg`` in the header."""
    good = draft.sign()
    del draft.header["alg"]
    return _with_header(draft, good)


def hs256_with_public_key(draft: Draft) -> str:
    """HS256 with the published RSA key, as PEM, for a secret."""
    draft.header["alg"], draft.secret = "HS256", draft.public_pem
    return draft.sign()


def hs256_with_client_id(draft: Draft) -> str:
    """HS256 with the client id for a secret."""
    draft.header["alg"], draft.secret = "HS256", str(draft.claims.get("aud")).encode()
    return draft.sign()


def hs256_with_empty_key(draft: Draft) -> str:
    """HS256 with an empty secret."""
    draft.header["alg"], draft.secret = "HS256", b""
    return draft.sign()


def other_algorithm(draft: Draft) -> str:
    """The right key with an algorithm that was not agreed on."""
    draft.header["alg"] = "RS512"
    return draft.sign()


def foreign_key(draft: Draft) -> str:
    """A stranger's key under the id of the tenant's own."""
    _take_foreign_key(draft)
    return draft.sign()


def unknown_kid(draft: Draft) -> str:
    """A stranger's key under its own id."""
    _take_foreign_key(draft)
    draft.header["kid"] = FOREIGN[0].kid
    return draft.sign()


def no_kid(draft: Draft) -> str:
    """A stranger's key without an id."""
    _take_foreign_key(draft)
    draft.header.pop("kid", None)
    return draft.sign()


def kid_number(draft: Draft) -> str:
    """An id that is no string."""
    draft.header["kid"] = 7
    return draft.sign()


def kid_list(draft: Draft) -> str:
    """An id that cannot even be looked up."""
    draft.header["kid"] = [draft.header.get("kid")]
    return draft.sign()


def crit(draft: Draft) -> str:
    """An extension that has to be understood (RFC 7515 4.1.11)."""
    draft.header.update({"crit": ["must-understand"], "must-understand": True})
    return draft.sign()


def embedded_jwk(draft: Draft) -> str:
    """A stranger's key, brought along in the header."""
    _take_foreign_key(draft)
    draft.header["jwk"] = FOREIGN[0].jwk
    return draft.sign()


def jku(draft: Draft) -> str:
    """A stranger's key, and where to fetch it."""
    _take_foreign_key(draft)
    draft.header.update(kid=FOREIGN[0].kid, jku=f"{draft.claims.get('iss')}jku.json")
    return draft.sign()


def x5u(draft: Draft) -> str:
    """A stranger's key, and where to fetch its certificate."""
    _take_foreign_key(draft)
    draft.header.update(kid=FOREIGN[0].kid, x5u=f"{draft.claims.get('iss')}x5u.pem")
    return draft.sign()


def changed_after_signing(draft: Draft) -> str:
    """A good signature over other claims."""
    signature = draft.sign().rpartition(".")[2]
    draft.claims = {**draft.claims, "sub": "email|000000000000000000000000"}
    return f"{draft.sign().rpartition('.')[0]}.{signature}"


def no_signature(draft: Draft) -> str:
    """Nothing after the second dot."""
    return draft.sign().rpartition(".")[0] + "."


def short_signature(draft: Draft) -> str:
    """Half a signature."""
    return draft.sign()[:-102]


def _unsigned(draft: Draft, algorithm: str) -> str:
    good = draft.sign()
    draft.header["alg"] = algorithm
    draft.header.pop("kid", None)
    return _with_header(draft, good).rpartition(".")[0] + "."


def _with_header(draft: Draft, token: str) -> str:
    return f"{base64url(json.dumps(draft.header).encode())}.{token.partition('.')[2]}"


def _take_foreign_key(draft: Draft) -> None:
    draft.key = FOREIGN[0].private


SIGNATURE_FAULTS: dict[str, Callable[[Draft], Any]] = {
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
