"""ID tokens that are signed well and claim what they must not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django_pwdless.localtenant.signing.unsigned_token import UnsignedToken

HOUR = 3600
ABSENT = object()


def _claiming(**claims: Any) -> Callable[[UnsignedToken], str]:
    """Return a fault that sets claims; ``ABSENT`` removes one."""

    def fault(unsigned: UnsignedToken) -> str:
        merged = {**unsigned.claims, **claims}
        unsigned.claims = {name: value for name, value in merged.items() if value is not ABSENT}
        return unsigned.sign()

    return fault


def _deriving(derive: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[UnsignedToken], str]:
    """Return a fault whose claims depend on the good ones."""

    def fault(unsigned: UnsignedToken) -> str:
        return _claiming(**derive(unsigned.claims))(unsigned)

    return fault


OTHER = "another-client"

CLAIM_FAULTS: dict[str, Callable[[UnsignedToken], Any]] = {
    "wrong_iss": _claiming(iss="https://another-tenant.example/"),
    "iss_without_slash": _deriving(lambda good: {"iss": good["iss"].rstrip("/")}),
    "no_iss": _claiming(iss=ABSENT),
    "iss_null": _claiming(iss=None),
    "iss_list": _deriving(lambda good: {"iss": [good["iss"]]}),
    "wrong_aud": _claiming(aud=OTHER),
    "no_aud": _claiming(aud=ABSENT),
    "aud_null": _claiming(aud=None),
    "aud_number": _claiming(aud=5),
    "aud_empty_list": _claiming(aud=[]),
    "aud_other_list": _claiming(aud=[OTHER, "a-third"]),
    "aud_list_without_azp": _deriving(lambda good: {"aud": [good["aud"], OTHER]}),
    "aud_list_wrong_azp": _deriving(lambda good: {"aud": [good["aud"], OTHER], "azp": OTHER}),
    "aud_list_with_number": _deriving(lambda good: {"aud": [good["aud"], 5], "azp": good["aud"]}),
    "aud_list_of_one": _deriving(lambda good: {"aud": [good["aud"]]}),
    "aud_list_with_azp": _deriving(lambda good: {"aud": [good["aud"], OTHER], "azp": good["aud"]}),
    "wrong_azp": _claiming(azp=OTHER),
    "expired": _deriving(lambda good: {"iat": good["iat"] - 2 * HOUR, "exp": good["iat"] - HOUR}),
    "no_exp": _claiming(exp=ABSENT),
    "exp_null": _claiming(exp=None),
    "exp_string": _deriving(lambda good: {"exp": str(good["exp"])}),
    "exp_word": _claiming(exp="tomorrow"),
    "exp_true": _claiming(exp=True),
    "exp_list": _deriving(lambda good: {"exp": [good["exp"]]}),
    "exp_nan": _claiming(exp=float("nan")),
    "exp_infinite": _claiming(exp=float("inf")),
    "exp_huge": _claiming(exp=10**400),
    "exp_negative": _claiming(exp=-1),
    "iat_in_future": _deriving(lambda good: {"iat": good["iat"] + HOUR, "exp": good["exp"] + HOUR}),
    "no_iat": _claiming(iat=ABSENT),
    "iat_null": _claiming(iat=None),
    "iat_string": _deriving(lambda good: {"iat": str(good["iat"])}),
    "iat_nan": _claiming(iat=float("nan")),
    "iat_infinite": _claiming(iat=float("inf")),
    "iat_huge": _claiming(iat=10**400),
    "nbf_in_future": _deriving(lambda good: {"nbf": good["iat"] + HOUR}),
    "nbf_string": _claiming(nbf="yesterday"),
    "no_sub": _claiming(sub=ABSENT),
    "empty_sub": _claiming(sub=""),
    "sub_null": _claiming(sub=None),
    "sub_number": _claiming(sub=12345),
    "sub_list": _deriving(lambda good: {"sub": [good["sub"]]}),
    "sub_object": _deriving(lambda good: {"sub": {"id": good["sub"]}}),
    "sub_nul": _deriving(lambda good: {"sub": good["sub"] + "\0"}),
    "sub_surrogate": _deriving(lambda good: {"sub": good["sub"] + "\ud800"}),
    "sub_long": _deriving(lambda good: {"sub": good["sub"] + "x" * 10_000}),
    "no_nonce": _claiming(nonce=ABSENT),
    "wrong_nonce": _claiming(nonce="not-the-one-that-was-sent"),
    "empty_nonce": _claiming(nonce=""),
    "nonce_not_string": _claiming(nonce=5),
    "email_verified_string": _claiming(email_verified="true"),
    "email_verified_number": _claiming(email_verified=1),
    "email_not_string": _claiming(email=["ann@example.com"]),
    "email_null": _claiming(email=None),
}
