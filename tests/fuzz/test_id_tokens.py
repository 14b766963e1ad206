"""Any ID token, by any key: accepted only where an independent reading of the rules accepts it.

The rules are those of OpenID Connect Core 1.0, section 3.1.3.7, and of RFC 7515 for the signature.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from django_pwdless import exceptions as exc
from django_pwdless.auth0.verification.id_token import IDTokenVerifier
from django_pwdless.auth0.verification.signed_token import MAX_TOKEN_LENGTH, SignedToken
from tests.auth0.keys import CLIENT_ID, ISSUER, MISSING, public_pem, rsa_key, token

from .effort import examples
from .json_values import JSON
from .texts import CHARACTERS, TEXTS

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large")

NOW, LEEWAY, NONCE, MAX_AGE = 1_800_000_000, 30, "the-nonce", 60
KEYS = {"current": rsa_key(), "other": rsa_key("other")}


class Published:
    """The keys of the tenant."""

    def key_for(self, key_id: str | None, **options: Any) -> Any:
        if key_id not in KEYS:
            raise exc.UnknownKey
        return KEYS[key_id].public_key()


RULES = SignedToken(ISSUER, CLIENT_ID, "RS256", LEEWAY, Published())
VERIFIER = IDTokenVerifier(RULES, CLIENT_ID)

TIMES = (
    st.sampled_from([-LEEWAY - 1, -LEEWAY, -1, 0, 1, LEEWAY, LEEWAY + 1, -(10**9), 10**9])
    .map(lambda offset: NOW + offset)
    .flatmap(lambda time: st.sampled_from([time, float(time), str(time), [time], True]))
)
AUDIENCES = st.lists(st.sampled_from([CLIENT_ID, "another", "", CLIENT_ID.upper()]) | JSON)
CLAIMS: dict[str, SearchStrategy[Any]] = {
    "iss": st.sampled_from([ISSUER, ISSUER.rstrip("/"), ISSUER.upper(), [ISSUER]]) | JSON,
    "aud": st.sampled_from([CLIENT_ID, "another", CLIENT_ID + " "]) | AUDIENCES | JSON,
    "azp": st.sampled_from([CLIENT_ID, "another", None, [CLIENT_ID]]) | JSON,
    "sub": st.sampled_from(["email|1", "x" * 255, "x" * 256, "emaíl|1", "\0", ""]) | TEXTS | JSON,
    "nonce": st.sampled_from([NONCE, NONCE + "\ud800", "", [NONCE]]) | JSON,
    **dict.fromkeys(["exp", "iat", "nbf", "auth_time"], TIMES | JSON),
}
USUAL = {
    **{"iss": ISSUER, "aud": CLIENT_ID, "sub": "email|1", "nonce": NONCE},
    **{"iat": NOW, "exp": NOW + 36000, "auth_time": NOW},
}
HEADERS: dict[str, SearchStrategy[Any]] = {
    "alg": st.sampled_from(["RS256", "rs256", "RS512", "PS256", "HS256", "none", "None", ""])
    | JSON,
    "kid": st.sampled_from(["current", "other", "unknown", "../current", "", 1]) | JSON,
    "typ": st.sampled_from(["JWT", "at+jwt", "jwt"]),
    "crit": st.sampled_from([[], ["exp"], ["b64"], "exp", None]) | JSON,
    "b64": st.booleans(),
    **dict.fromkeys(["jku", "x5u", "jwk", "x5c"], st.just("https://evil.example/") | JSON),
}
SIGNERS = ["current", "current", "current", "other", "none", "HS256", "cut", "empty"]


def few_of(values: dict[str, SearchStrategy[Any]]) -> SearchStrategy[dict[str, Any]]:
    """Up to three of these, each changed or missing."""
    names = st.lists(st.sampled_from(sorted(values)), max_size=3, unique=True)
    return names.flatmap(
        lambda found: st.fixed_dictionaries(
            {name: values[name] | st.just(MISSING) for name in found}
        )
    )


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
            key: Any = public_pem()
            return token(kept, key=key, algorithm="HS256", **self.header)
        if self.signer == "none":
            return token(kept, algorithm="none", **self.header)
        if self.signer in KEYS:
            return token(kept, key=KEYS[self.signer], **self.header)
        start, _, signature = token(kept, **self.header).rpartition(".")
        return f"{start}.{signature[:-8] if self.signer == 'cut' else ''}"


TOKENS = st.builds(Drawn, few_of(HEADERS), few_of(CLAIMS), st.sampled_from(SIGNERS))


def is_genuine(text: str) -> bool:
    """RFC 7515, section 5.2: signed with RS256 by the key it names, with nothing critical."""
    start, _, signature = text.rpartition(".")
    header = decoded(text.split(".")[0])
    if header.get("alg") != "RS256" or "crit" in header or header.get("b64") is False:
        return False
    key = KEYS.get(header["kid"]) if isinstance(header.get("kid"), str) else None
    if key is None:
        return False
    try:
        padded = base64.urlsafe_b64decode(signature + "==")
        key.public_key().verify(padded, start.encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=="))


def is_time(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 2**53


def is_for_us(claims: dict[str, Any]) -> bool:
    """Rules 2 to 5: the issuer, the audience, and the party that may use it."""
    audience, party = claims.get("aud"), claims.get("azp")
    names = [audience] if isinstance(audience, str) else audience
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return False
    if CLIENT_ID not in names or (len(names) > 1 and party is None):
        return False
    return claims.get("iss") == ISSUER and party in (None, CLIENT_ID)


def is_timely(claims: dict[str, Any]) -> bool:
    """Rules 9, 10 and 13, and RFC 7519, section 4.1.5; times are whole or far from any limit."""
    times: Any = [claims.get("exp"), claims.get("iat"), claims.get("auth_time")]
    times.append(claims.get("nbf", NOW))
    if not all(map(is_time, times)):
        return False
    exp, iat, auth_time, nbf = times
    latest = NOW + LEEWAY
    is_recent = NOW - LEEWAY - MAX_AGE <= auth_time <= latest
    return bool(exp > NOW - LEEWAY and iat <= latest >= nbf and is_recent)


def is_about_somebody(claims: dict[str, Any]) -> bool:
    """Section 2: at most 255 ASCII characters; and rule 11, the nonce that was sent."""
    subject: Any = claims.get("sub")
    is_text = isinstance(subject, str) and 0 < len(subject) <= 255
    return is_text and all(" " <= char <= "~" for char in subject) and claims.get("nonce") == NONCE


def is_acceptable(text: str) -> bool:
    if len(text) > MAX_TOKEN_LENGTH:
        return False
    claims = decoded(text.split(".")[1])
    return (
        is_genuine(text) and is_for_us(claims) and is_timely(claims) and is_about_somebody(claims)
    )


@pytest.fixture
def now(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.mark.usefixtures("now")
def test_exactly_what_the_rules_accept_is_accepted() -> None:
    accepted = 0

    @examples(25)
    @given(TOKENS)
    def check(drawn: Drawn) -> None:
        nonlocal accepted
        text = drawn.text()
        try:
            found = VERIFIER.verify(text, nonce=NONCE, max_age=MAX_AGE)
        except exc.InvalidToken:
            assert not is_acceptable(text)
        else:
            assert is_acceptable(text)
            assert found == decoded(text.split(".")[1])
            accepted += 1

    check()
    assert accepted > 5


GARBAGE = (
    st.text(CHARACTERS)
    | st.binary()
    | JSON
    | st.from_regex(r"[\w-]*\.[\w-]*\.[\w-]*", fullmatch=True)
    | st.lists(st.binary(), min_size=1, max_size=6).map(
        lambda parts: ".".join(base64.urlsafe_b64encode(part).decode() for part in parts)
    )
    | st.tuples(JSON, JSON).map(
        lambda parts: ".".join(
            base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
            for part in (*parts, "signature")
        )
    )
)


@examples(25)
@given(GARBAGE)
def test_garbage_is_refused_by_our_exceptions(value: Any) -> None:
    with pytest.raises(exc.InvalidToken):
        VERIFIER.verify(value)


@examples(13)
@given(JSON)
def test_signed_garbage_is_refused_by_our_exceptions(payload: Any) -> None:
    with pytest.raises(exc.InvalidToken):
        VERIFIER.verify(token(json.dumps(payload).encode()))


@examples(13)
@given(st.integers(0, 400), st.text(CHARACTERS, min_size=1, max_size=3))
def test_token_with_a_changed_character_is_refused(at: int, text: str) -> None:
    good = token(USUAL)
    spoiled = good[:at] + text + good[at + len(text) :]
    if spoiled != good:
        with pytest.raises(exc.InvalidToken):
            VERIFIER.verify(spoiled)
