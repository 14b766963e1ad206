from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
import responses
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from django_pwdless import exceptions as exc
from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.id_token import MAX_TOKEN_LENGTH, Verifier

from .calls import texts_of
from .keys import (
    BASE_URL,
    CLIENT_ID,
    ISSUER,
    JWKS_URL,
    MISSING,
    SECRET,
    claims,
    ec_key,
    jwk,
    public_pem,
    rsa_key,
    token,
)

Tenant = responses.RequestsMock
Verify = Callable[..., dict[str, Any]]
NOW = 1_800_000_000
LEEWAY = 30


@pytest.fixture
def verify(tenant: Tenant) -> Verify:
    """Verify with a client whose tenant publishes one key, for whatever algorithm."""
    tenant.get(JWKS_URL, json={"keys": [jwk(alg=MISSING)]})
    return Auth0Client(BASE_URL, CLIENT_ID, leeway=LEEWAY).verify_id_token


@pytest.fixture
def now() -> Any:
    with time_machine.travel(NOW, tick=False) as moment:
        yield moment


def test_good_token_gives_its_claims(verify: Verify) -> None:
    expected = claims(email="a@example.com", email_verified=True, sid="1")
    assert verify(token(expected)) == expected


# Signature, algorithm, header


FORGERIES: dict[str, Callable[[], str]] = {
    "none": lambda: token(algorithm="none"),
    "none-with-signature": lambda: token(alg="none"),
    "none-in-capitals": lambda: token(alg="NONE", algorithm="none"),
    "no-alg": lambda: token(alg=MISSING),
    "alg-null": lambda: token(alg=None),
    "alg-list": lambda: token(alg=["RS256"]),
    "alg-number": lambda: token(alg=256),
    "lower-case": lambda: token(alg="rs256"),
    "HS256-with-public-pem": lambda: token(algorithm="HS256", key=public_pem()),
    "HS256-called-RS256": lambda: token(algorithm="HS256", key=public_pem(), alg="RS256"),
    "HS384-with-public-pem": lambda: token(algorithm="HS384", key=public_pem()),
    "RS384": lambda: token(algorithm="RS384"),
    "RS512": lambda: token(algorithm="RS512"),
    "RS512-called-RS256": lambda: token(algorithm="RS512", alg="RS256"),
    "PS256": lambda: token(algorithm="PS256"),
    "PS256-called-RS256": lambda: token(algorithm="PS256", alg="RS256"),
    "ES256": lambda: token(algorithm="ES256", key=ec_key()),
    "ES256-called-RS256": lambda: token(algorithm="ES256", key=ec_key(), alg="RS256"),
    "other-key": lambda: token(key=rsa_key("other")),
    "other-key-embedded": lambda: token(key=rsa_key("other"), jwk=jwk("other")),
    "other-key-by-jku": lambda: token(key=rsa_key("other"), jku="https://evil.example/jwks"),
    "other-key-by-x5u": lambda: token(key=rsa_key("other"), x5u="https://evil.example/cert"),
    "other-key-by-x5c": lambda: token(key=rsa_key("other"), x5c=["MIIB"]),
    "unknown-critical": lambda: token(crit=["exp"]),
    "critical-and-present": lambda: token(crit=["urn:x"], **{"urn:x": 1}),
    "critical-empty": lambda: token(crit=[]),
    "critical-string": lambda: token(crit="exp"),
    "critical-null": lambda: token(crit=None),
    "payload-detached": lambda: token(crit=["b64"], b64=False),
    "kid-number": lambda: token(kid=1),
    "kid-null": lambda: token(kid=None),
    "kid-list": lambda: token(kid=["current"]),
    "no-kid": lambda: token(kid=MISSING),
    "unknown-kid": lambda: token(kid="another"),
    "kid-with-path": lambda: token(kid="../../dev/null"),
    "signature-cut": lambda: token()[:-8],
    "signature-missing": lambda: token().rpartition(".")[0] + ".",
    "payload-changed": lambda: with_payload(token(), claims(sub="email|admin")),
    "header-changed": lambda: with_header(token(), {"alg": "RS256", "kid": "current", "x": 1}),
    "two-parts": lambda: token().rpartition(".")[0],
    "four-parts": lambda: token() + ".AAAA",
    "encrypted": lambda: "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA",
    "header-list": lambda: with_header(token(), ["RS256"]),
    "header-nested": lambda: with_raw(token(), 0, b"[" * 40_000),
    "payload-list": lambda: token([claims()]),
    "payload-string": lambda: token("claims"),
    "payload-null": lambda: token(b"null"),
    "payload-empty": lambda: token(b""),
    "payload-no-json": lambda: token(b"\xff\xfe{"),
    "payload-nested": lambda: token(b'{"iss":' * 6_000),
    "payload-nested-claim": lambda: token(b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
    "payload-huge-integer": lambda: token(b'{"exp":' + b"9" * 5000 + b"}"),
    "line-break": lambda: token() + "\n",
    "blank-before": lambda: " " + token(),
    "nul-inside": lambda: token().replace(".", ".\0", 1),
    "not-ascii": lambda: token() + "é",
    "surrogate": lambda: token() + "\ud800",
    "too-long": lambda: token(claims(filler="x" * MAX_TOKEN_LENGTH)),
    "empty": lambda: "",
    "dots": lambda: "..",
}


def with_raw(signed: str, part: int, content: bytes) -> str:
    parts = signed.split(".")
    parts[part] = base64.urlsafe_b64encode(content).rstrip(b"=").decode()
    return ".".join(parts)


def with_header(signed: str, header: Any) -> str:
    return with_raw(signed, 0, json.dumps(header).encode())


def with_payload(signed: str, payload: Any) -> str:
    return with_raw(signed, 1, json.dumps(payload).encode())


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_forged_or_malformed_token_is_refused(
    verify: Verify, tenant: Tenant, forge: Callable[[], str]
) -> None:
    with pytest.raises(exc.InvalidToken) as caught:
        verify(forge())
    assert type(caught.value) in (exc.InvalidSignature, exc.UnknownKey, exc.InvalidToken)
    assert {call.request.url for call in tenant.calls} <= {JWKS_URL}


@pytest.mark.parametrize("value", [None, 1, b"a.b.c", ["a.b.c"], {}, object()])
def test_token_that_is_no_string_is_refused(verify: Verify, value: Any) -> None:
    with pytest.raises(exc.InvalidSignature):
        verify(value)


@pytest.mark.parametrize("name", ["jku", "x5u", "jwk", "x5c", "x5t"])
def test_key_named_by_a_good_token_is_not_looked_at(
    verify: Verify, tenant: Tenant, name: str
) -> None:
    verify(token(**{name: "https://evil.example/"}))
    assert [call.request.url for call in tenant.calls] == [JWKS_URL]


def test_token_of_megabytes_is_refused_before_anything_is_fetched(
    verify: Verify, tenant: Tenant
) -> None:
    with pytest.raises(exc.InvalidSignature):
        verify(token(claims(filler="x" * 4_000_000)))
    assert len(tenant.calls) == 0


def test_token_of_the_greatest_length_is_read(verify: Verify) -> None:
    spare = MAX_TOKEN_LENGTH - len(token(claims(filler="")))
    signed = token(claims(filler="x" * (spare * 3 // 4 - 3)))
    assert MAX_TOKEN_LENGTH - 8 < len(signed) <= MAX_TOKEN_LENGTH
    assert verify(signed)["filler"]


garbage = (
    st.text()
    | st.text(st.characters(exclude_categories=()))
    | st.binary()
    | st.from_regex(r"[\w-]*\.[\w-]*\.[\w-]*", fullmatch=True)
    | st.tuples(*[st.binary()] * 3).map(
        lambda parts: ".".join(base64.urlsafe_b64encode(part).decode() for part in parts)
    )
)


VERIFIER = Verifier(ISSUER, CLIENT_ID, "RS256", LEEWAY, lambda key_id: rsa_key().public_key())


@settings(deadline=None)
@given(garbage)
def test_garbage_is_refused_by_our_exceptions(value: Any) -> None:
    with pytest.raises(exc.InvalidToken):
        VERIFIER.verify(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk"]), JSON))
def test_any_header_is_refused_by_our_exceptions(header: dict[str, Any]) -> None:
    with pytest.raises(exc.InvalidToken):
        VERIFIER.verify(token(key=rsa_key("other"), **header))


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["iss", "aud", "sub", "exp", "iat", "nbf", "azp", "nonce", "auth_time"]),
        JSON,
        min_size=1,
    )
)
def test_any_claims_are_verified_or_refused_by_our_exceptions(changed: dict[str, Any]) -> None:
    try:
        result = VERIFIER.verify(token(claims(**changed)), nonce="n", max_age=60)
    except exc.InvalidToken:
        result = None
    assert result is None or result["nonce"] == "n"


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


# max_age

AGES = {"now": NOW, "just-in-time": NOW - 60, "within-leeway": NOW - 60 - LEEWAY}
WRONG_AGES: dict[str, Any] = {
    "beyond-leeway": NOW - 60 - LEEWAY - 1,
    "beyond-leeway-fraction": NOW - 60 - LEEWAY - 0.5,
    "zero": 0,
    "missing": MISSING,
    "null": None,
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
def test_max_age_of_zero_is_one(verify: Verify) -> None:
    with pytest.raises(exc.InvalidTime):
        verify(token(claims(auth_time=NOW - LEEWAY - 1)), max_age=0)


# Other algorithms


def test_ps256_token_is_accepted_where_configured(tenant: Tenant) -> None:
    tenant.get(JWKS_URL, json={"keys": [jwk(alg="PS256")]})
    client = Auth0Client(BASE_URL, CLIENT_ID, algorithm="PS256")
    assert client.verify_id_token(token(algorithm="PS256"))["sub"] == "email|1"


def test_rs256_token_is_refused_where_ps256_is_configured(tenant: Tenant) -> None:
    tenant.get(JWKS_URL, json={"keys": [jwk(alg=MISSING)]})
    client = Auth0Client(BASE_URL, CLIENT_ID, algorithm="PS256")
    with pytest.raises(exc.InvalidSignature):
        client.verify_id_token(token())


@pytest.fixture
def symmetric(tenant: Tenant) -> Auth0Client:
    return Auth0Client(BASE_URL, CLIENT_ID, client_secret=SECRET, algorithm="HS256")


@pytest.mark.parametrize("kid", ["current", MISSING, "../x"])
def test_hs256_token_is_verified_by_the_secret(symmetric: Auth0Client, kid: Any) -> None:
    signed = token(algorithm="HS256", key=SECRET.encode(), kid=kid)
    assert symmetric.verify_id_token(signed)["sub"] == "email|1"


SYMMETRIC_FORGERIES: dict[str, Callable[[], str]] = {
    "other-secret": lambda: token(algorithm="HS256", key=b"x" * 64),
    "empty-secret": lambda: token(algorithm="HS256", key=b"\0"),
    "public-pem": lambda: token(algorithm="HS256", key=public_pem()),
    "HS384": lambda: token(algorithm="HS384", key=SECRET.encode()),
    "RS256": lambda: token(),
    "none": lambda: token(algorithm="none"),
}


@pytest.mark.parametrize("forge", SYMMETRIC_FORGERIES.values(), ids=SYMMETRIC_FORGERIES)
def test_forged_hs256_token_is_refused(
    symmetric: Auth0Client, tenant: Tenant, forge: Callable[[], str]
) -> None:
    with pytest.raises(exc.InvalidSignature):
        symmetric.verify_id_token(forge())
    assert len(tenant.calls) == 0


@pytest.mark.parametrize("secret", [None, ""])
def test_hs256_without_a_secret_verifies_nothing(tenant: Tenant, secret: str | None) -> None:
    client = Auth0Client(BASE_URL, CLIENT_ID, client_secret=secret, algorithm="HS256")
    with pytest.raises(exc.InvalidSignature):
        client.verify_id_token(token(algorithm="HS256", key=b"\0"))


UNSUPPORTED = {"none": None, "HS384": SECRET.encode(), "RS512": rsa_key(), "ES256": ec_key()}


@pytest.mark.parametrize(("algorithm", "key"), UNSUPPORTED.items())
def test_other_algorithm_verifies_nothing(tenant: Tenant, algorithm: str, key: Any) -> None:
    tenant.get(JWKS_URL, json={"keys": [jwk(alg=algorithm)]})
    client = Auth0Client(BASE_URL, CLIENT_ID, client_secret=SECRET, algorithm=algorithm)
    with pytest.raises(exc.InvalidSignature):
        client.verify_id_token(token(algorithm=algorithm, key=key))


# What a refusal says

REFUSED: dict[str, Callable[[], str]] = {
    **FORGERIES,
    "wrong-issuer": lambda: token(claims(iss="https://evil.example/")),
    "wrong-audience": lambda: token(claims(aud="another-client")),
    "old": lambda: token(claims(exp=1)),
    "wrong-subject": lambda: token(claims(sub="emaíl|1")),
    "no-nonce": lambda: token(),
}


@pytest.mark.parametrize("forge", REFUSED.values(), ids=REFUSED)
def test_refusal_quotes_nothing_of_the_token(verify: Verify, forge: Callable[[], str]) -> None:
    refused = forge()
    with pytest.raises(exc.InvalidToken) as caught:
        verify(refused, nonce="the-nonce")
    shown = texts_of(caught.value)
    words = [part for part in refused.split(".") if len(part) > 4]
    confidential = ["email|", "evil.example", "another-client", "the-nonce", "emaíl", *words]
    assert [word for word in confidential if word in shown] == []
