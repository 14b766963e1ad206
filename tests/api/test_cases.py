"""One table of calls, and what each style of view answers: threats 28, 29, 53."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured

from django_pwdless.localtenant.token_faults import ACCESS_TOKEN_FAULTS
from django_pwdless.provider import get_client

from .conftest import API, KEYS, STYLES, Caller, check_refused

# What a token may also be, and still let its person in.
GOOD: dict[str, dict[str, Any]] = {
    "usual": {},
    "no-scope": {"scopes": []},
    "many-audiences": {"aud": ["https://other.example", API]},
    "with-userinfo": {"scopes": ["openid", "read:orders"]},
    "no-client": {"azp": ...},
    "extra-claims": {"https://example.com/email": "ann@example.com", "org_id": "1"},
}


@pytest.mark.parametrize("options", GOOD.values(), ids=GOOD)
def test_good_token_is_let_in(caller: Caller, ann: Any, options: dict[str, Any]) -> None:
    response = caller.call(**options)
    assert response.status_code == 200
    found = response.json()
    assert (found["user"], found["subject"], found["machine"]) == (ann.pk, "email|1", False)


@pytest.mark.parametrize("dialect", ["access_token", "rfc9068_profile", "rfc9068_profile_authz"])
def test_each_dialect_is_let_in(caller: Caller, dialect: str) -> None:
    caller.tenant.add_api(API, dialect=dialect)
    response = caller.call()
    assert response.status_code == 200
    assert response.json()["client"] == caller.tenant.client_id


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_cookie_and_no_csrf_token_is_needed(caller: Caller, method: str) -> None:
    assert caller.call(method=method).status_code == 200


NO_CREDENTIALS = [
    None,
    "",
    " ",
    "Basic YTpi",
    "Basic",
    "Token x",
    "BearerX x",
    "Bear er",
    "Digest a, b",
]


@pytest.mark.parametrize("header", NO_CREDENTIALS)
def test_no_credentials(caller: Caller, header: str | None) -> None:
    check_refused(caller.send(header), 401)


MALFORMED = [
    *("Bearer", "Bearer ", "bearer", "Bearer a b", "Bearer a, b", "Bearer a,Bearer b", "Bearer,x"),
    *("Bearer a, Basic YTpi", "Bearer =", "Bearer a=b", "Bearer \u00e9", "Bearer\tx", 'Bearer "x"'),
    *("Bearer x\tx", "Bearer a;b", "Bearer: x"),
]


@pytest.mark.parametrize("header", MALFORMED)
def test_malformed_header(caller: Caller, header: str) -> None:
    check_refused(caller.send(header), 400, "invalid_request")


def test_second_bearer_token_behind_a_good_one(caller: Caller) -> None:
    good = f"Bearer {caller.token()}"
    for header in (f"{good},{good}", f"{good}, {good}", f"{good},Bearer x"):
        check_refused(caller.send(header), 400, "invalid_request", token=caller.token())


@pytest.mark.parametrize("scheme", ["bearer ", "BEARER ", "Bearer  ", " Bearer "])
def test_scheme_in_any_case(caller: Caller, scheme: str) -> None:
    assert caller.send(scheme + caller.token()).status_code == 200


@pytest.mark.parametrize("fault", sorted(ACCESS_TOKEN_FAULTS))
def test_wrong_token_is_refused_by_a_plain_view(call_plainly: Caller, fault: str) -> None:
    check_wrong(call_plainly, fault)


# One of each kind, in each style: what is wrong is told apart before any framework hears of it.
KINDS = [
    *("alg_none", "hs256_with_public_key", "foreign_key", "unknown_kid", "crit", "huge", "nested"),
    *("wrong_iss", "another_api", "expired", "iat_in_future", "no_sub", "two_parts", "id_token"),
    *("logout_token", "bound_to_key", "on_behalf", "scope_list", "permissions_string", "azp_list"),
]


@pytest.mark.parametrize("fault", KINDS)
def test_wrong_token_is_refused_in_each_style(caller: Caller, fault: str) -> None:
    check_wrong(caller, fault)


def check_wrong(caller: Caller, fault: str) -> None:
    token = caller.token(fault=fault)
    # What has letters that no token has, or none at all, is no credential.
    is_token = bool(token) and " " not in token
    response = caller.send(f"Bearer {token}", method="get")
    if is_token:
        check_refused(response, 401, "invalid_token", token=token)
    else:
        check_refused(response, 400, "invalid_request", token=token)


def test_token_of_exactly_64_kib_and_one_more(caller: Caller) -> None:
    for length in (65_536, 65_537, 300_000):
        check_refused(caller.send("Bearer " + "a" * length), 401, "invalid_token")


def test_id_token_of_a_login_is_no_access_token(caller: Caller) -> None:
    token = caller.tenant.id_token(sub="email|1")
    check_refused(caller.send(f"Bearer {token}"), 401, "invalid_token", token=token)


def test_token_in_query_or_body_is_not_looked_at(caller: Caller) -> None:
    token = caller.token()
    response = caller.send(None, f"any?access_token={token}")
    check_refused(response, 401, token=token)
    response = caller.send(None, method="post", data={"access_token": token})
    check_refused(response, 401, token=token)


def test_applications_that_are_not_listed(caller: Caller, settings: Any) -> None:
    listed = caller.tenant.client_id
    settings.PWDLESS = {**settings.PWDLESS, "API_CLIENTS": [listed]}
    assert caller.call().status_code == 200
    for options in ({"azp": "another"}, {"azp": ...}, {"client": caller.tenant.add_client()}):
        check_refused(caller.call(**options), 401, "invalid_token")


def test_application_named_by_a_string_lets_in_no_part_of_it(
    call_plainly: Caller, settings: Any
) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "API_CLIENTS": "native-app"}
    check_refused(call_plainly.call(azp="native"), 401, "invalid_token")


def test_several_apis(caller: Caller, settings: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "API_AUDIENCE": [API, "https://second.example"]}
    for audience in (API, "https://second.example"):
        assert caller.call(audience=audience).status_code == 200
    check_refused(caller.call(audience="https://third.example"), 401, "invalid_token")


def test_algorithm_of_the_api(caller: Caller, settings: Any) -> None:
    caller.tenant.add_api(API, algorithm="PS256")
    settings.PWDLESS = {**settings.PWDLESS, "API_ALGORITHM": "PS256"}
    assert caller.call().status_code == 200
    caller.tenant.add_api(API, algorithm="RS256")
    check_refused(caller.call(), 401, "invalid_token")


@pytest.mark.parametrize("scopes", [[], ["write:orders"], ["read:order"], ["READ:ORDERS"]])
def test_scope_that_is_missing(caller: Caller, scopes: list[str]) -> None:
    response = caller.call("scoped", scopes=scopes)
    check_refused(response, 403, "insufficient_scope", scope="read:orders")


def test_scope_that_is_there(caller: Caller) -> None:
    assert caller.call("scoped", scopes=["openid", "read:orders"]).status_code == 200


def test_permission_is_no_scope(caller: Caller) -> None:
    response = caller.call("scoped", scopes=[], permissions=["read:orders"])
    check_refused(response, 403, "insufficient_scope", scope="read:orders")


@pytest.mark.parametrize("caller", [style for style in STYLES if style != "drf"], indirect=True)
def test_permission_of_a_role(caller: Caller) -> None:
    assert caller.call("permitted", permissions=["write:orders"]).status_code == 200
    lacking: list[dict[str, Any]] = [{}, {"permissions": []}, {"scopes": ["write:orders"]}]
    for options in lacking:
        response = caller.call("permitted", **options)
        check_refused(response, 403, "insufficient_scope", scope="write:orders")


def test_unknown_user(caller: Caller) -> None:
    caller.subject = "email|2"
    check_refused(caller.call(), 403, "access_denied")
    assert get_user_model().objects.count() == 1


def test_inactive_user_is_answered_as_an_unknown_one(caller: Caller, ann: Any) -> None:
    get_user_model().objects.update(is_active=False)
    inactive = caller.call()
    check_refused(inactive, 403, "access_denied")
    caller.subject = "email|2"
    assert caller.call().content == inactive.content


MACHINES: dict[str, dict[str, Any]] = {
    "grant": {"gty": "client-credentials"},
    "suffix": {"sub": "native@clients"},
    "client-id": {"sub": "native", "azp": "native"},
}


@pytest.mark.parametrize("options", MACHINES.values(), ids=MACHINES)
def test_machine_is_nobody(caller: Caller, options: dict[str, Any]) -> None:
    check_refused(caller.call(**options), 403, "access_denied")
    response = caller.call("machines", **options)
    assert response.status_code == 200
    found = response.json()
    assert found["machine"] and found["anonymous"] and found["user"] is None


def test_machine_by_the_client_credentials_grant(caller: Caller) -> None:
    machine = caller.tenant.add_machine("read:orders", audience=API)
    token = machine_token(caller, machine)
    check_refused(caller.send(f"Bearer {token}"), 403, "access_denied")
    assert caller.send(f"Bearer {token}", "machines").json()["client"] == machine.client_id


def machine_token(caller: Caller, machine: Any) -> str:
    fields = {
        "grant_type": "client_credentials",
        "client_id": machine.client_id,
        "client_secret": machine.secret,
        "audience": API,
    }
    url = f"{caller.tenant.base_url}/oauth/token"
    with requests.Session() as session:
        session.trust_env = False
        return str(session.post(url, data=fields, timeout=20).json()["access_token"])


def test_person_is_let_in_where_machines_are(caller: Caller, ann: Any) -> None:
    assert caller.call("machines").json()["user"] == ann.pk


def test_keys_that_cannot_be_had(caller: Caller) -> None:
    caller.tenant.fail(KEYS, "server_error")
    check_refused(caller.call(), 503, "temporarily_unavailable")
    caller.tenant.recover()
    assert caller.call().status_code == 200


def test_one_statement_and_no_call_while_keys_are_fresh(
    caller: Caller, django_assert_max_num_queries: Any
) -> None:
    caller.call()
    before = len(caller.tenant.requests)
    with django_assert_max_num_queries(1):
        assert caller.call().status_code == 200
    with django_assert_max_num_queries(0):
        caller.call("machines", gty="client-credentials")
        caller.call(fault="another_api")
    assert len(caller.tenant.requests) == before


def test_made_up_tokens_leave_the_key_fetch_of_a_login(caller: Caller) -> None:
    caller.call()
    for _ in range(5):
        check_refused(caller.call(fault="unknown_kid"), 401, "invalid_token")
    assert len(caller.tenant.calls(KEYS)) == 2
    caller.tenant.rotate_keys()
    assert get_client().verify_id_token(caller.tenant.id_token())
    assert len(caller.tenant.calls(KEYS)) == 3


def test_without_an_api_nothing_is_taken(call_plainly: Caller, settings: Any) -> None:
    token = call_plainly.token()
    wrong: list[Any] = [None, [], call_plainly.tenant.client_id]
    for audience in wrong:
        settings.PWDLESS = {**settings.PWDLESS, "API_AUDIENCE": audience}
        check_refused(call_plainly.send(None), 401)
        with pytest.raises(ImproperlyConfigured):
            call_plainly.send(f"Bearer {token}")
