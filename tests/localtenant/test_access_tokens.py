"""Access tokens for APIs: dialects, roles, machines, and every way in which they can be wrong."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode

import jwt
import pytest

from django_pwdless.localtenant.clients.api import DIALECTS
from django_pwdless.localtenant.clients.client import MACHINE_GRANT, OTP_GRANT
from django_pwdless.localtenant.token_faults import ACCESS_TOKEN_FAULTS

from .site import ANN, Site, refusal

API = "https://api.example.com"


def parts(token):
    return [json.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def verify(site: Site, token: str, audience: str = API, algorithm: str = "RS256"):
    keys = site.get("/.well-known/jwks.json").json()
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]
    assert key.algorithm_name == algorithm
    return jwt.decode(token, key, [algorithm], audience=audience, issuer=site.tenant.issuer)


@pytest.fixture(autouse=True)
def api(tenant):
    tenant.add_api(API)


def access_token(site: Site, **fields):
    answer = site.exchange(site.code(), **{"audience": API, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialect_of_the_api(site, tenant, dialect):
    tenant.add_api(API, dialect=dialect, lifetime=600)
    body = access_token(site, scope="openid read:orders")
    claims = verify(site, body["access_token"])
    is_rfc = dialect.startswith("rfc9068")
    assert parts(body["access_token"])[0]["typ"] == ("at+jwt" if is_rfc else "JWT")
    assert claims.get("client_id" if is_rfc else "azp") == tenant.client_id
    assert ("jti" in claims, "azp" in claims) == (is_rfc, not is_rfc)
    assert ("permissions" in claims) == dialect.endswith("_authz")
    assert claims["exp"] - claims["iat"] == body["expires_in"] == 600


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
@pytest.mark.parametrize("main", ["RS256", "PS256", "HS256"])
def test_algorithm_of_the_api_is_its_own(site, tenant, algorithm, main):
    tenant.switches.algorithm = main
    tenant.add_api(API, algorithm=algorithm)
    assert verify(site, access_token(site)["access_token"], algorithm=algorithm)
    assert verify(site, tenant.access_token("email|1", audience=API), algorithm=algorithm)


def test_api_of_hs256_signs_with_its_own_secret(site, tenant):
    api = tenant.add_api(API, algorithm="HS256")
    token = access_token(site)["access_token"]
    assert jwt.decode(token, api.secret, ["HS256"], audience=API)


def test_roles_decide_with_rbac(site, tenant):
    tenant.add_api(API, dialect="access_token_authz")
    tenant.add_person(ANN, permissions=["read:orders"])
    body = access_token(site, scope="openid read:orders write:orders")
    claims = verify(site, body["access_token"])
    assert claims["permissions"] == ["read:orders"]
    assert claims["scope"] == body["scope"] == "openid read:orders"


def test_openid_adds_userinfo_to_the_audience(site, tenant):
    both = verify(site, access_token(site, scope="openid")["access_token"])
    assert both["aud"] == [API, f"{tenant.issuer}userinfo"]
    assert verify(site, access_token(site, scope="read:orders")["access_token"])["aud"] == API


def test_unknown_audience(site, tenant):
    code = site.code()
    answer = site.exchange(code, audience="https://nobody.example")
    expected = (403, "access_denied", "Service not found: https://nobody.example")
    assert refusal(answer) == expected
    tenant.add_api("https://nobody.example")
    assert site.exchange(code, audience="https://nobody.example").status_code == 200


def test_unknown_audience_that_is_taken(site, tenant):
    tenant.switches.unknown_audiences = True
    assert site.exchange(site.code(), audience="https://nobody.example").status_code == 200


def test_native_app_signs_in_by_itself(site, tenant):
    native = {"client_id": tenant.add_client("public").client_id, "client_secret": ...}
    site.start(**native)
    code = tenant.inbox.latest(ANN).code
    answer = site.exchange(code, **native, audience=API, scope="openid read:orders")
    claims = verify(site, answer.json()["access_token"])
    assert claims["azp"] == native["client_id"]
    assert claims["sub"] == parts(answer.json()["id_token"])[1]["sub"]


def machine_call(site: Site, machine, **fields):
    usual = {
        "client_id": machine.client_id,
        "client_secret": machine.secret,
        "grant_type": MACHINE_GRANT,
        "audience": API,
    }
    return site.token(**{**usual, **fields})


def test_machine_gets_a_token_for_itself(site, tenant):
    machine = tenant.add_machine("read:orders", "write:orders", audience=API)
    body = machine_call(site, machine).json()
    claims = verify(site, body["access_token"])
    assert claims["sub"] == f"{machine.client_id}@clients"
    assert (claims["azp"], claims["gty"]) == (machine.client_id, "client-credentials")
    assert claims["scope"] == body["scope"] == "read:orders write:orders"
    assert body.keys() == {"access_token", "token_type", "expires_in", "scope"}


def test_machine_gets_what_is_granted_of_what_it_asks_for(site, tenant):
    machine = tenant.add_machine("read:orders", audience=API)
    body = machine_call(site, machine, scope="read:orders write:orders").json()
    assert body["scope"] == "read:orders"


REFUSED = {
    "another-api": ({"audience": "https://other.example"}, (403, "access_denied")),
    "no-audience": ({"audience": ...}, (403, "access_denied")),
    "wrong-secret": ({"client_secret": "wrong"}, (401, "invalid_client")),
    "another-grant": ({"grant_type": OTP_GRANT}, (403, "unauthorized_client")),
}


@pytest.mark.parametrize(("fields", "expected"), REFUSED.values(), ids=REFUSED)
def test_machine_is_refused(site, tenant, fields, expected):
    machine = tenant.add_machine("read:orders", audience=API)
    assert refusal(machine_call(site, machine, **fields))[:2] == expected


def test_website_is_no_machine(site):
    answer = site.token(grant_type=MACHINE_GRANT, audience=API)
    assert refusal(answer)[:2] == (403, "unauthorized_client")


def test_token_takes_claims_of_ones_own(site, tenant):
    token = tenant.access_token(
        "sms|1", scopes=["a", "b"], permissions=["c"], audience=API, azp=..., jti="1"
    )
    claims = verify(site, token)
    assert (claims["sub"], claims["scope"], claims["permissions"]) == ("sms|1", "a b", ["c"])
    assert "azp" not in claims and claims["jti"] == "1"
    assert "scope" not in verify(site, tenant.access_token("sms|1", audience=API))


@pytest.mark.parametrize("fault", ACCESS_TOKEN_FAULTS)
def test_fault_differs_from_a_good_token(tenant, fault):
    good = {"scopes": ["a"], "audience": API}
    assert tenant.access_token("email|1", fault=fault, **good) != tenant.access_token(
        "email|1", **good
    )


@pytest.mark.parametrize("fault", ACCESS_TOKEN_FAULTS)
def test_fault_reaches_who_asks_for_a_token(site, tenant, fault):
    tenant.switches.access_token_fault = fault
    body = access_token(site, scope="read:orders")
    assert isinstance(body["access_token"], str)


def test_unknown_fault(tenant):
    with pytest.raises(ValueError, match="no fault 'odd'"):
        tenant.access_token("email|1", fault="odd")
    with pytest.raises(ValueError, match="no access_token_fault 'odd'"):
        tenant.switches.access_token_fault = "odd"


@pytest.mark.parametrize("more", [{"algorithm": "ES256"}, {"dialect": "odd"}])
def test_api_there_is_not(tenant, more):
    with pytest.raises(ValueError, match="there are"):
        tenant.add_api(API, **more)
