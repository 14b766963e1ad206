"""Any access token, any ``Authorization`` header: let in only where another reading does, too.

The rules are those of RFC 9068, section 4, in both of Auth0's dialects, and of RFC 6750 for the
header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from django_pwdless import exceptions as exc
from django_pwdless.api import bearer_required
from django_pwdless.auth0.verification.access_token import AccessTokenVerifier, BearerToken
from django_pwdless.auth0.verification.signed_token import MAX_TOKEN_LENGTH, SignedToken
from tests.auth0.keys import CLIENT_ID, ISSUER, MISSING, public_pem, token

from .effort import examples
from .json_values import JSON
from .test_id_tokens import (
    HEADERS,
    KEYS,
    LEEWAY,
    NOW,
    SIGNERS,
    TIMES,
    Published,
    decoded,
    few_of,
    is_genuine,
    is_time,
)
from .texts import TEXTS

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large")

API = "https://api.example.com"
CLIENTS = ("native", "web")
RULES = SignedToken(ISSUER, (API, "second"), "RS256", LEEWAY, Published(), from_strangers=True)
VERIFIER = AccessTokenVerifier(RULES, CLIENTS)

TYPES = st.sampled_from(["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "logout+jwt", ""])
NAMES = st.lists(st.sampled_from(["read:orders", "a b", "", "\u00a0", "\ud800"]))
CLAIMS: dict[str, SearchStrategy[Any]] = {
    "iss": st.sampled_from([ISSUER, ISSUER.rstrip("/"), [ISSUER]]) | JSON,
    "aud": st.sampled_from([API, "second", CLIENT_ID, [API], ["x", "second"], [API, 1]]) | JSON,
    "azp": st.sampled_from(["native", "web", "another", "", None, ["native"]]) | JSON,
    "client_id": st.sampled_from(["native", "another", 1]) | JSON,
    "sub": st.sampled_from(["email|1", "native", "native@clients", "x" * 256, "\0", ""]) | TEXTS,
    "scope": st.sampled_from(["", "read:orders", " a  b ", ["a"], None]) | JSON,
    "permissions": NAMES | st.sampled_from(["read:orders", None, [1]]) | JSON,
    "gty": st.sampled_from(["client-credentials", ["client-credentials"], "password", 1]) | JSON,
    **dict.fromkeys(["nonce", "at_hash", "c_hash", "events", "cnf", "act"], JSON),
    **dict.fromkeys(["exp", "iat", "nbf"], TIMES | JSON),
}
USUAL = {
    **{"iss": ISSUER, "aud": API, "sub": "email|1", "azp": "native", "scope": "read:orders"},
    **{"iat": NOW, "exp": NOW + 86400},
}


@dataclass(frozen=True)
class Drawn:
    """One token: what is changed in a good one, and who signs it."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signer: str

    def text(self) -> str:
        """The token as it is sent."""
        payload = {**USUAL, **self.claims}
        kept = {name: value for name, value in payload.items() if value is not MISSING}
        if self.signer == "HS256":
            return token(kept, key=public_pem(), algorithm="HS256", **self.header)
        if self.signer == "none":
            return token(kept, algorithm="none", **self.header)
        if self.signer in KEYS:
            return token(kept, key=KEYS[self.signer], **self.header)
        return token(kept, **self.header).rpartition(".")[0] + "."


TOKENS = st.builds(
    Drawn, few_of({**HEADERS, "typ": TYPES | JSON}), few_of(CLAIMS), st.sampled_from(SIGNERS)
)


def is_text_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def is_for_the_api(claims: dict[str, Any]) -> bool:
    audience: Any = claims.get("aud")
    names = [audience] if isinstance(audience, str) else audience
    return claims.get("iss") == ISSUER and is_text_list(names) and bool({API, "second"} & {*names})


def is_timely(claims: dict[str, Any]) -> bool:
    times: Any = [claims.get("exp"), claims.get("iat"), claims.get("nbf", NOW)]
    if not all(map(is_time, times)):
        return False
    exp, iat, nbf = times
    return bool(exp > NOW - LEEWAY and iat <= NOW + LEEWAY and nbf <= NOW + LEEWAY)


def is_well_formed(claims: dict[str, Any]) -> bool:
    """Who and what: the application, the subject, and what is permitted."""
    parties = [claims[name] for name in ("azp", "client_id") if name in claims]
    subject: Any = claims.get("sub")
    is_subject = isinstance(subject, str) and re.fullmatch("[ -~]{1,255}", subject)
    grants: Any = claims.get("gty", [])
    return bool(
        is_text_list(parties)
        and len({*parties}) == 1
        and parties[0] in CLIENTS
        and is_subject
        and isinstance(claims.get("scope", ""), str)
        and is_text_list(claims.get("permissions", []))
        and (isinstance(grants, str) or is_text_list(grants))
    )


def is_acceptable(text: str) -> bool:
    header, claims = (decoded(part) for part in text.split(".")[:2])
    kind = header.get("typ", "JWT")
    is_kind = isinstance(kind, str) and kind.lower() in ("jwt", "at+jwt", "application/at+jwt")
    others = {"nonce", "at_hash", "c_hash", "events", "cnf", "act"}
    return (
        len(text) <= MAX_TOKEN_LENGTH
        and is_genuine(text)
        and is_kind
        and not others & claims.keys()
        and is_for_the_api(claims)
        and is_timely(claims)
        and is_well_formed(claims)
    )


@pytest.fixture
def now(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@given(drawn=TOKENS)
@examples(50)
def test_token_is_let_in_exactly_where_the_rules_say_so(now: None, drawn: Drawn) -> None:
    text = drawn.text()
    found: BearerToken | None
    try:
        found = VERIFIER.verify(text)
    except exc.InvalidToken:
        found = None
    assert (found is not None) == is_acceptable(text)
    if found is not None:
        claims = decoded(text.split(".")[1])
        scopes = {name for name in claims.get("scope", "").split(" ") if name}
        assert (found.subject, found.scopes) == (claims["sub"], scopes)
        assert found.is_machine or not str(claims["sub"]).endswith("@clients")


CREDENTIALS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["Bearer", "bearer", "BEARER", "Basic", "", "DPoP", "Bearer\t", "Bearer,"]),
    st.sampled_from(["", " ", "  ", ",", ":"]),
    TEXTS | st.sampled_from(["a", "a.b.c", "a=", "=", "a b", "a,Bearer b", "e30.e30.e30"]),
)


@pytest.fixture
def api(settings: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "API_AUDIENCE": API}


@given(header=CREDENTIALS)
@examples(38)
def test_any_header_gets_an_answer_of_the_specification(api: None, header: str) -> None:
    view = bearer_required()(lambda request: pytest.fail("let in"))
    response: Any = view(RequestFactory().get("/", HTTP_AUTHORIZATION=header))
    trimmed = header.strip(" \t")
    scheme = re.match(r"[!#$%&'*+.^_`|~0-9A-Za-z-]*", trimmed)
    assert scheme is not None
    if scheme[0].lower() != "bearer":
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    elif re.fullmatch("[A-Za-z]+ +[A-Za-z0-9._~+/-]+=*", trimmed):
        assert response.status_code == 401
        assert 'error="invalid_token"' in response["WWW-Authenticate"]
    else:
        assert response.status_code == 400
        assert 'error="invalid_request"' in response["WWW-Authenticate"]
    assert response["Cache-Control"] == "no-store"
