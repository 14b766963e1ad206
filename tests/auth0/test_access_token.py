"""Access tokens of an API, in both of Auth0's dialects (RFC 9068): threat 53."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import responses

from django_pwdless import exceptions as exc
from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.verification.access_token import BearerToken

from .keys import BASE_URL, CLIENT_ID, ISSUER, JWKS_URL, MISSING, jwk, rsa_key, token
from .keys import claims as id_claims

Tenant = responses.RequestsMock
API = "https://api.example.com"
Check = Callable[..., BearerToken]


def claims(**changes: Any) -> dict[str, Any]:
    usual = {"aud": API, "azp": "native", "scope": "openid read:orders", **changes}
    return id_claims(**usual)


@pytest.fixture
def client(tenant: Tenant) -> Auth0Client:
    tenant.get(JWKS_URL, json={"keys": [jwk()]})
    return Auth0Client(BASE_URL, CLIENT_ID)


@pytest.fixture
def check(client: Auth0Client) -> Check:
    """Verify a token of these claims."""

    def check(clients: Any = None, **changes: Any) -> BearerToken:
        return client.verify_access_token(token(claims(**changes)), audience=API, clients=clients)

    return check


def test_token_says_who_calls(check: Check) -> None:
    found = check(permissions=["write:orders"])
    assert (found.subject, found.client_id, found.is_machine) == ("email|1", "native", False)
    assert (found.scopes, found.permissions) == ({"openid", "read:orders"}, {"write:orders"})
    assert found.claims["iss"] == ISSUER
    assert bool(found) and repr(found) == "<BearerToken>"


def test_scopes_are_asked_for_all_at_once(check: Check) -> None:
    found = check()
    assert found.has_scopes() and found.has_scopes("read:orders", "openid")
    assert not found.has_scopes("read:orders", "write:orders")


GOOD: dict[str, dict[str, Any]] = {
    "audience-list": {"aud": [API, "https://tenant.example/userinfo"]},
    "no-scope": {"scope": MISSING},
    "empty-scope": {"scope": ""},
    "no-client": {"azp": MISSING},
    "RFC 9068": {"azp": MISSING, "client_id": "native", "jti": "1"},
    "both-names": {"client_id": "native"},
    "no-permissions": {"permissions": []},
    "refreshed": {"gty": "refresh_token"},
    "grants": {"gty": ["password", "refresh_token"]},
    "claim-of-an-action": {"https://example.com/email": "ann@example.com"},
}


@pytest.mark.parametrize("changes", GOOD.values(), ids=GOOD)
def test_token_of_either_dialect_is_taken(check: Check, changes: dict[str, Any]) -> None:
    assert check(**changes).subject == "email|1"


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", MISSING])
def test_type_of_an_access_token_is_taken(client: Auth0Client, typ: Any) -> None:
    assert client.verify_access_token(token(claims(), typ=typ), audience=API)


@pytest.mark.parametrize(
    "typ", ["logout+jwt", "dpop+jwt", "id_token", "", None, 1, ["at+jwt"], "at+jwt ", "JWT\0"]
)
def test_token_of_another_type_is_refused(client: Auth0Client, typ: Any) -> None:
    with pytest.raises(exc.InvalidKind):
        client.verify_access_token(token(claims(), typ=typ), audience=API)


@pytest.mark.parametrize("value", ["x", None, {}, {"sub": "agent"}, False])
@pytest.mark.parametrize("name", ["nonce", "at_hash", "c_hash", "events", "cnf", "act"])
def test_token_of_another_kind_is_refused(check: Check, name: str, value: Any) -> None:
    with pytest.raises(exc.InvalidKind):
        check(**{name: value})


BAD: dict[str, tuple[type[exc.InvalidToken], dict[str, Any]]] = {
    "another-api": (exc.InvalidAudience, {"aud": "https://other.example.com"}),
    "userinfo-only": (exc.InvalidAudience, {"aud": f"{ISSUER}userinfo"}),
    "our-client": (exc.InvalidAudience, {"aud": CLIENT_ID}),
    "part-of-it": (exc.InvalidAudience, {"aud": API + "/"}),
    "audience-with-number": (exc.InvalidAudience, {"aud": [API, 1]}),
    "audience-object": (exc.InvalidAudience, {"aud": {API: 1}}),
    "no-audience": (exc.InvalidAudience, {"aud": MISSING}),
    "another-issuer": (exc.InvalidIssuer, {"iss": "https://other.example/"}),
    "expired": (exc.InvalidTime, {"exp": 1_000}),
    "no-expiry": (exc.InvalidTime, {"exp": MISSING}),
    "expiry-text": (exc.InvalidTime, {"exp": "99999999999"}),
    "to-come": (exc.InvalidTime, {"nbf": 99_999_999_999}),
    "no-subject": (exc.InvalidSubject, {"sub": MISSING}),
    "empty-subject": (exc.InvalidSubject, {"sub": ""}),
    "scope-list": (exc.InvalidClaim, {"scope": ["read:orders"]}),
    "scope-null": (exc.InvalidClaim, {"scope": None}),
    "permissions-text": (exc.InvalidClaim, {"permissions": "write:orders"}),
    "permissions-object": (exc.InvalidClaim, {"permissions": {"write:orders": 1}}),
    "permissions-of-numbers": (exc.InvalidClaim, {"permissions": ["write:orders", 1]}),
    "permissions-null": (exc.InvalidClaim, {"permissions": None}),
    "client-number": (exc.InvalidClaim, {"azp": 1}),
    "client-list": (exc.InvalidClaim, {"azp": ["native"]}),
    "client-null": (exc.InvalidClaim, {"azp": None}),
    "client-empty": (exc.InvalidClaim, {"azp": ""}),
    "two-clients": (exc.InvalidClaim, {"client_id": "another"}),
    "client-id-number": (exc.InvalidClaim, {"azp": MISSING, "client_id": 1}),
    "grant-number": (exc.InvalidClaim, {"gty": 1}),
    "grants-of-numbers": (exc.InvalidClaim, {"gty": [1]}),
}


@pytest.mark.parametrize(("expected", "changes"), BAD.values(), ids=BAD)
def test_wrong_token_is_refused(
    check: Check, expected: type[exc.InvalidToken], changes: dict[str, Any]
) -> None:
    with pytest.raises(exc.InvalidToken) as caught:
        check(**changes)
    assert type(caught.value) is expected


MACHINES: dict[str, dict[str, Any]] = {
    "grant": {"gty": "client-credentials"},
    "grants": {"gty": ["client-credentials"]},
    "subject-is-client": {"sub": "native"},
    "subject-with-suffix": {"sub": "native@clients"},
    "another-client's": {"sub": "other@clients"},
    "nobody-named": {"azp": MISSING, "sub": "native@clients"},
    "RFC 9068": {"azp": MISSING, "client_id": "native", "sub": "native@clients"},
}


@pytest.mark.parametrize("changes", MACHINES.values(), ids=MACHINES)
def test_machine_is_told_from_a_person(check: Check, changes: dict[str, Any]) -> None:
    assert check(**changes).is_machine


@pytest.mark.parametrize("party", [{"azp": "native"}, {"azp": MISSING, "client_id": "native"}])
def test_application_must_be_one_of_those_listed(check: Check, party: dict[str, Any]) -> None:
    assert check(clients=["native", "web"], **party)
    for clients in (["web"], [], ["nativ"]):
        with pytest.raises(exc.InvalidAudience):
            check(clients=clients, **party)


def test_application_that_is_not_named_is_not_listed(check: Check) -> None:
    with pytest.raises(exc.InvalidAudience):
        check(clients=["native"], azp=MISSING)


def test_one_of_several_audiences_is_enough(client: Auth0Client) -> None:
    for audience in (API, "https://second.example"):
        both = (API, "https://second.example")
        assert client.verify_access_token(token(claims(aud=audience)), audience=both)


def test_algorithm_is_the_apis_own(tenant: Tenant) -> None:
    tenant.get(JWKS_URL, json={"keys": [jwk(alg=MISSING)]})
    client = Auth0Client(BASE_URL, CLIENT_ID, client_secret="s" * 64, algorithm="HS256")
    signed = token(claims(), algorithm="PS256")
    assert client.verify_access_token(signed, audience=API, algorithm="PS256")
    with pytest.raises(exc.InvalidSignature):
        client.verify_access_token(signed, audience=API)


def test_keys_are_shared_with_id_tokens(client: Auth0Client, tenant: Tenant) -> None:
    client.verify_id_token(token(id_claims()))
    assert client.verify_access_token(token(claims()), audience=API)
    tenant.assert_call_count(JWKS_URL, 1)


UNFIT: dict[str, dict[str, Any]] = {
    "issuer": {"iss": "https://other.example/"},
    "audience": {"aud": "another"},
    "expiry": {"exp": 1_000},
    "no-expiry": {"exp": MISSING},
}


@pytest.mark.parametrize("changes", UNFIT.values(), ids=UNFIT)
def test_made_up_token_that_does_not_fit_fetches_no_keys(
    client: Auth0Client, tenant: Tenant, changes: dict[str, Any]
) -> None:
    made_up = token(claims(**changes), key=rsa_key("made-up"), kid="made-up")
    with pytest.raises(exc.InvalidToken):
        client.verify_access_token(made_up, audience=API)
    tenant.assert_call_count(JWKS_URL, 0)


def test_made_up_tokens_leave_the_fetch_of_a_login(client: Auth0Client, tenant: Tenant) -> None:
    client.verify_id_token(token(id_claims()))
    for number in range(5):
        made_up = token(claims(), key=rsa_key("made-up"), kid=f"made-up-{number}")
        with pytest.raises(exc.UnknownKey):
            client.verify_access_token(made_up, audience=API)
    tenant.assert_call_count(JWKS_URL, 2)
    tenant.replace(responses.GET, JWKS_URL, json={"keys": [jwk("rotated")]})
    assert client.verify_id_token(token(id_claims(), key=rsa_key("rotated"), kid="rotated"))


def test_outage_is_no_refusal(client: Auth0Client, tenant: Tenant) -> None:
    tenant.replace(responses.GET, JWKS_URL, status=500)
    with pytest.raises(exc.Unavailable):
        client.verify_access_token(token(claims()), audience=API)
