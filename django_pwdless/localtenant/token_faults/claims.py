"""ID tokens that are signed well and claim what they must not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django_pwdless.localtenant.signing.unsigned_token import UnsignedToken

HOUR = 3600
ABSENT = object()


def claiming(**claims: Any) -> Callable[[UnsignedToken], str]:
    """Return a fault that sets claims; ``ABSENT`` removes one."""

    def fault(unsigned: UnsignedToken) -> str:
        merged = {**unsigned.claims, **claims}
        unsigned.claims = {name: value for name, value in merged.items() if value is not ABSENT}
        return unsigned.sign()

    return fault


def deriving(derive: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[UnsignedToken], str]:
    """Return a fault whose claims depend on the good ones."""

    def fault(unsigned: UnsignedToken) -> str:
        return claiming(**derive(unsigned.claims))(unsigned)

    return fault


OTHER = "another-client"

CLAIM_FAULTS: dict[str, Callable[[UnsignedToken], Any]] = {
    "wrong_iss": claiming(iss="https://another-tenant.example/"),
    "iss_without_slash": deriving(lambda good: {"iss": good["iss"].rstrip("/")}),
    "no_iss": claiming(iss=ABSENT),
    "iss_null": claiming(iss=None),
    "iss_list": deriving(lambda good: {"iss": [good["iss"]]}),
    "wrong_aud": claiming(aud=OTHER),
    "no_aud": claiming(aud=ABSENT),
    "aud_null": claiming(aud=None),
    "aud_number": claiming(aud=5),
    "aud_empty_list": claiming(aud=[]),
    "aud_other_list": claiming(aud=[OTHER, "a-third"]),
    "aud_list_without_azp": deriving(lambda good: {"aud": [good["aud"], OTHER]}),
    "aud_list_wrong_azp": deriving(lambda good: {"aud": [good["aud"], OTHER], "azp": OTHER}),
    "aud_list_with_number": deriving(lambda good: {"aud": [good["aud"], 5], "azp": good["aud"]}),
    "aud_list_of_one": deriving(lambda good: {"aud": [good["aud"]]}),
    "aud_list_with_azp": deriving(lambda good: {"aud": [good["aud"], OTHER], "azp": good["aud"]}),
    "wrong_azp": claiming(azp=OTHER),
    "expired": deriving(lambda good: {"iat": good["iat"] - 2 * HOUR, "exp": good["iat"] - HOUR}),
    "no_exp": claiming(exp=ABSENT),
    "exp_null": claiming(exp=None),
    "exp_string": deriving(lambda good: {"exp": str(good["exp"])}),
    "exp_word": claiming(exp="tomorrow"),
    "exp_true": claiming(exp=True),
    "exp_list": deriving(lambda good: {"exp": [good["exp"]]}),
    "exp_nan": claiming(exp=float("nan")),
    "exp_infinite": claiming(exp=float("inf")),
    "exp_huge": claiming(exp=10**400),
    "exp_negative": claiming(exp=-1),
    "iat_in_future": deriving(lambda good: {"iat": good["iat"] + HOUR, "exp": good["exp"] + HOUR}),
    "no_iat": claiming(iat=ABSENT),
    "iat_null": claiming(iat=None),
    "iat_string": deriving(lambda good: {"iat": str(good["iat"])}),
    "iat_nan": claiming(iat=float("nan")),
    "iat_infinite": claiming(iat=float("inf")),
    "iat_huge": claiming(iat=10**400),
    "nbf_in_future": deriving(lambda good: {"nbf": good["iat"] + HOUR}),
    "nbf_string": claiming(nbf="yesterday"),
    "no_sub": claiming(sub=ABSENT),
    "empty_sub": claiming(sub=""),
    "sub_null": claiming(sub=None),
    "sub_number": claiming(sub=12345),
    "sub_list": deriving(lambda good: {"sub": [good["sub"]]}),
    "sub_object": deriving(lambda good: {"sub": {"id": good["sub"]}}),
    "sub_nul": deriving(lambda good: {"sub": good["sub"] + "\0"}),
    "sub_surrogate": deriving(lambda good: {"sub": good["sub"] + "\ud800"}),
    "sub_long": deriving(lambda good: {"sub": good["sub"] + "x" * 10_000}),
    "no_nonce": claiming(nonce=ABSENT),
    "wrong_nonce": claiming(nonce="not-the-one-that-was-sent"),
    "empty_nonce": claiming(nonce=""),
    "nonce_not_string": claiming(nonce=5),
    "email_verified_string": claiming(email_verified="true"),
    "email_verified_number": claiming(email_verified=1),
    "email_not_string": claiming(email=["ann@example.com"]),
    "email_null": claiming(email=None),
}
