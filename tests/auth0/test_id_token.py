"""The claims of an ID token: OpenID Connect Core 1.0, section 3.1.3.7."""

from __future__ import annotations

from typing import Any

import pytest
import responses
import time_machine

from django_pwdless import exceptions as exc
from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.verification.id_token import session_id

from .conftest import LEEWAY, Verify
from .keys import (
    BASE_URL,
    CLIENT_ID,
    ISSUER,
    JWKS_URL,
    MISSING,
    claims,
    jwk,
    token,
)

Tenant = responses.RequestsMock
NOW = 1_800_000_000


@pytest.fixture
def now() -> Any:
    with time_machine.travel(NOW, tick=False) as moment:
        yield moment


def test_good_token_gives_its_claims(verify: Verify) -> None:
    expected = claims(email="a@example.com", email_verified=True, sid="1")
    assert verify(token(expected)) == expected


# Issuer and audience


@pytest.mark.parametrize(
    "issuer",
    [
        "https://tenant.example",
        "https://tenant.example//",
        "https://tenant.example/ ",
        "https://TENANT.example/",
        "http://tenant.example/",
        "https://tenant.example.evil.example/",
        "https://evil.example/",
        "",
        [ISSUER],
        {ISSUER: 1},
        1,
        True,
    ],
)
def test_wrong_issuer_is_refused(verify: Verify, issuer: Any) -> None:
    with pytest.raises(exc.InvalidIssuer):
        verify(token(claims(iss=issuer)))


AUDIENCES: list[tuple[Any, Any]] = [
    (CLIENT_ID, MISSING),
    (CLIENT_ID, CLIENT_ID),
    (CLIENT_ID, None),
    ([CLIENT_ID], MISSING),
    ([CLIENT_ID], CLIENT_ID),
    ([CLIENT_ID, "other"], CLIENT_ID),
    (["other", CLIENT_ID], CLIENT_ID),
]
WRONG_AUDIENCES: list[tuple[Any, Any]] = [
    ("other", MISSING),
    ("other", CLIENT_ID),
    (CLIENT_ID + " ", MISSING),
    (CLIENT_ID.upper(), MISSING),
    (f"{CLIENT_ID} other", MISSING),
    (["other"], MISSING),
    (["other"], CLIENT_ID),
    ([], MISSING),
    ([], CLIENT_ID),
    ("", MISSING),
    (1, MISSING),
    (True, MISSING),
    ({CLIENT_ID: 1}, MISSING),
    ([[CLIENT_ID]], MISSING),
    ([CLIENT_ID, 1], CLIENT_ID),
    ([CLIENT_ID, None], CLIENT_ID),
    ([CLIENT_ID, "other"], MISSING),
    ([CLIENT_ID, "other"], None),
    ([CLIENT_ID, "other"], "other"),
    ([CLIENT_ID, CLIENT_ID], MISSING),
    (CLIENT_ID, "other"),
    (CLIENT_ID, ""),
    (CLIENT_ID, 1),
    (CLIENT_ID, False),
    (CLIENT_ID, [CLIENT_ID]),
    ([CLIENT_ID], "other"),
]


@pytest.mark.parametrize(("audience", "party"), AUDIENCES)
def test_audience_that_names_us_is_accepted(verify: Verify, audience: Any, party: Any) -> None:
    assert verify(token(claims(aud=audience, azp=party)))["aud"] == audience


@pytest.mark.parametrize(("audience", "party"), WRONG_AUDIENCES)
def test_audience_that_does_not_name_us_is_refused(
    verify: Verify, audience: Any, party: Any
) -> None:
    with pytest.raises(exc.InvalidAudience):
        verify(token(claims(aud=audience, azp=party)))


# Required claims

REQUIRED = {
    "iss": exc.InvalidIssuer,
    "aud": exc.InvalidAudience,
    "sub": exc.InvalidSubject,
    "exp": exc.InvalidTime,
    "iat": exc.InvalidTime,
}


@pytest.mark.parametrize("value", [MISSING, None], ids=["missing", "null"])
@pytest.mark.parametrize(("claim", "expected"), REQUIRED.items())
def test_missing_claim_is_refused(verify: Verify, claim: str, expected: type, value: Any) -> None:
    with pytest.raises(exc.InvalidToken) as caught:
        verify(token(claims(**{claim: value})))
    assert type(caught.value) is expected


# Times

TIMES = {
    "exp-now": {"exp": NOW},
    "exp-within-leeway": {"exp": NOW - LEEWAY + 1},
    "exp-fraction": {"exp": NOW + 0.5},
    "exp-far": {"exp": NOW + 10**9},
    "iat-within-leeway": {"iat": NOW + LEEWAY},
    "iat-long-ago": {"iat": 0},
    "iat-fraction": {"iat": NOW - 0.5},
    "nbf-now": {"nbf": NOW},
    "nbf-within-leeway": {"nbf": NOW + LEEWAY},
    "nbf-long-ago": {"nbf": -1},
}
WRONG_TIMES = {
    "exp-at-leeway": {"exp": NOW - LEEWAY},
    "exp-long-ago": {"exp": 0},
    "exp-negative": {"exp": -NOW},
    "iat-beyond-leeway": {"iat": NOW + LEEWAY + 1},
    "iat-far": {"iat": NOW + 10**6},
    "nbf-beyond-leeway": {"nbf": NOW + LEEWAY + 1},
}
NO_TIMES: dict[str, Any] = {
    "string": str(NOW + 100),
    "words": "tomorrow",
    "true": True,
    "false": False,
    "nan": float("nan"),
    "infinity": float("inf"),
    "negative-infinity": float("-inf"),
    "huge": 10**30,
    "huge-float": 1e300,
    "huge-negative": -(10**30),
    "list": [NOW + 100],
    "object": {"a": NOW},
}


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("times", TIMES.values(), ids=TIMES)
def test_times_within_bounds_are_accepted(verify: Verify, times: dict[str, Any]) -> None:
    assert verify(token(claims(**times))).items() >= times.items()


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("times", WRONG_TIMES.values(), ids=WRONG_TIMES)
def test_times_out_of_bounds_are_refused(verify: Verify, times: dict[str, Any]) -> None:
    with pytest.raises(exc.InvalidTime):
        verify(token(claims(**times)))


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("claim", ["exp", "iat", "nbf"])
@pytest.mark.parametrize("value", NO_TIMES.values(), ids=NO_TIMES)
def test_time_that_is_no_number_is_refused(verify: Verify, claim: str, value: Any) -> None:
    with pytest.raises(exc.InvalidToken):
        verify(token(claims(**{claim: value})))


def test_token_grows_old(verify: Verify, now: Any) -> None:
    signed = token(claims(exp=NOW + 60))
    verify(signed)
    now.shift(60 + LEEWAY)
    with pytest.raises(exc.InvalidTime):
        verify(signed)


@pytest.mark.usefixtures("now")
def test_no_leeway_where_none_is_set(tenant: Tenant) -> None:
    tenant.get(JWKS_URL, json={"keys": [jwk()]})
    strict = Auth0Client(BASE_URL, CLIENT_ID, leeway=0)
    with pytest.raises(exc.InvalidTime):
        strict.verify_id_token(token(claims(exp=NOW)))


# Subject

SUBJECTS = ["email|1", "sms|560ebaeef609ee1adaa7c551", "a", "a" * 255, "with blank", "'; --"]
WRONG_SUBJECTS: dict[str, Any] = {
    "empty": "",
    "number": 1,
    "zero": 0,
    "true": True,
    "list": ["email|1"],
    "object": {"a": 1},
    "too-long": "a" * 256,
    "accent": "emaíl|1",
    "full-width": "ｅmail|1",
    "nul": "email|1\0",
    "line-break": "email|1\n",
    "tab": "email\t1",
    "delete": "email|1\x7f",
    "escape": "email|\x1b[31m",
    "surrogate": "email|\ud800",
    "right-to-left": "email|\u202e1",
}


@pytest.mark.parametrize("subject", SUBJECTS, ids=len)
def test_subject_is_taken_as_it_is(verify: Verify, subject: str) -> None:
    assert verify(token(claims(sub=subject)))["sub"] == subject


@pytest.mark.parametrize("subject", WRONG_SUBJECTS.values(), ids=WRONG_SUBJECTS)
def test_unusable_subject_is_refused(verify: Verify, subject: Any) -> None:
    with pytest.raises(exc.InvalidSubject):
        verify(token(claims(sub=subject)))


# Nonce

WRONG_NONCES: dict[str, Any] = {
    "missing": MISSING,
    "null": None,
    "other": "another",
    "empty": "",
    "longer": "the-nonce ",
    "other-case": "The-nonce",
    "number": 1,
    "true": True,
    "list": ["the-nonce"],
    "object": {"the-nonce": 1},
    "not-ascii": "the-nönce",
    "surrogate": "the-nonce\ud800",
    "nul": "the-nonce\0",
}


def test_nonce_that_was_sent_is_accepted(verify: Verify) -> None:
    assert verify(token(claims(nonce="the-nonce")), nonce="the-nonce")["nonce"] == "the-nonce"


@pytest.mark.parametrize("value", WRONG_NONCES.values(), ids=WRONG_NONCES)
def test_nonce_that_was_not_sent_is_refused(verify: Verify, value: Any) -> None:
    with pytest.raises(exc.InvalidNonce):
        verify(token(claims(nonce=value)), nonce="the-nonce")


@pytest.mark.parametrize("value", [MISSING, "", None])
def test_empty_nonce_is_no_way_around(verify: Verify, value: Any) -> None:
    with pytest.raises(exc.InvalidNonce):
        verify(token(claims(nonce=value)), nonce="")


@pytest.mark.parametrize("value", [MISSING, "any", 1])
def test_nonce_is_not_looked_at_where_none_was_sent(verify: Verify, value: Any) -> None:
    assert verify(token(claims(nonce=value)))["sub"] == "email|1"


# Session

SESSION_IDS: list[tuple[Any, str]] = [
    ("Zr4-session", "Zr4-session"),
    ("s" * 255, "s" * 255),
    ("s" * 256, ""),
    *((odd, "") for odd in (MISSING, None, "", 1, True, ["s"], {"s": 1})),
    *((odd, "") for odd in ("é", "s\n", "s\0", "\ud800", "\x7f")),
]


@pytest.mark.parametrize(("value", "expected"), SESSION_IDS)
def test_session_id_is_plain_text_or_none(value: Any, expected: str) -> None:
    assert session_id({} if value is MISSING else {"sid": value}) == expected


# max_age

FUTURES: dict[str, Any] = {
    "beyond-leeway": NOW + LEEWAY + 1,
    "beyond-leeway-fraction": NOW + LEEWAY + 0.5,
    "milliseconds": NOW * 1000,
    "infinity": float("inf"),
    "huge": 10**30,
    "huge-float": 1e300,
}
AGES = {"now": NOW, "just-in-time": NOW - 60, "within-leeway": NOW - 60 - LEEWAY}
WRONG_AGES: dict[str, Any] = {
    "beyond-leeway": NOW - 60 - LEEWAY - 1,
    "beyond-leeway-fraction": NOW - 60 - LEEWAY - 0.5,
    "zero": 0,
    "missing": MISSING,
    "null": None,
    **FUTURES,
    **NO_TIMES,
}


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("auth_time", AGES.values(), ids=AGES)
def test_recent_authentication_is_accepted(verify: Verify, auth_time: int) -> None:
    assert verify(token(claims(auth_time=auth_time)), max_age=60)["auth_time"] == auth_time


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("auth_time", WRONG_AGES.values(), ids=WRONG_AGES)
def test_old_or_unknown_authentication_is_refused(verify: Verify, auth_time: Any) -> None:
    with pytest.raises(exc.InvalidTime):
        verify(token(claims(auth_time=auth_time)), max_age=60)


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("auth_time", FUTURES.values(), ids=FUTURES)
def test_authentication_in_the_future_is_refused(verify: Verify, auth_time: Any) -> None:
    """Also where no age was asked for: what is said of the time is used later."""
    with pytest.raises(exc.InvalidTime):
        verify(token(claims(auth_time=auth_time)))


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("auth_time", [MISSING, None, 0, NOW, NOW + LEEWAY, "1"])
def test_authentication_at_any_time_is_accepted_where_no_age_was_asked_for(
    verify: Verify, auth_time: Any
) -> None:
    assert verify(token(claims(auth_time=auth_time)))["sub"] == "email|1"


@pytest.mark.usefixtures("now")
def test_max_age_of_zero_is_one(verify: Verify) -> None:
    with pytest.raises(exc.InvalidTime):
        verify(token(claims(auth_time=NOW - LEEWAY - 1)), max_age=0)
