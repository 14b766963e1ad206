"""Nothing that comes in makes the tenant itself fail."""

from __future__ import annotations

import json
from typing import Any

import pytest

from django_pwdless.localtenant.clients.client import GRANTS
from tests.localtenant.site import ANN

STRANGE: list[Any] = [None, True, -1, 1e308, "", "\0", "\ud800", "é" * 50, "x" * 3000]
STRANGE += [[], [None], {}, {"a": []}]
FIELDS = {
    "/passwordless/start": ["email", "phone_number", "send", "authParams", "captcha", "connection"],
    "/oauth/token": ["otp", "realm", "username", "scope", "audience", "code", "redirect_uri"]
    + ["code_verifier", "mfa_token", "oob_code", "binding_code", "recovery_code"],
    "/mfa/challenge": ["challenge_type", "authenticator_id"],
    "/mfa/associate": ["authenticator_types", "oob_channels", "phone_number", "email"],
    "/_tenant/answer": ["status", "error", "description", "times", "headers", "extra"],
    "/_tenant/faults": ["fault", "times", "after"],
    "/_tenant/clock": ["advance"],
    "/_tenant/people": ["email", "phone_number", "factors", "mfa", "claims", "sub", "mfa_steps"],
    "/_tenant/people/change": ["sub", "blocked"],
    "/_tenant/push": ["number", "answer"],
    "/_tenant/switches": ["sign_ups", "token_fault", "latency"],
    "/u/login": ["state", "action", "identifier", "code"],
}
QUERIES = {
    "/authorize": ["response_type", "scope", "state", "code_challenge", "connection", "max_age"],
    "/passwordless/verify_redirect": ["email", "verification_code", "state", "nonce"],
    "/v2/logout": ["client_id", "returnTo"],
    "/oidc/logout": ["id_token_hint", "post_logout_redirect_uri", "state"],
    "/u/login": ["state"],
    "/_tenant/messages": ["to"],
}


@pytest.fixture(autouse=True)
def factors(tenant):
    tenant.add_person(ANN, factors=["otp", "sms", "recovery-code"])


def bodies(site, path):
    """Return bodies that are good but for one strange member."""
    good = {
        "/passwordless/start": {"connection": "email", "email": ANN},
        "/oauth/token": {"realm": "email", "username": ANN},
        "/_tenant/answer": {"path": "/nowhere"},
        "/_tenant/faults": {"path": "/nowhere"},
    }.get(path, {})
    credentials = {} if path.startswith("/_tenant/") else site.credentials
    for field in FIELDS[path]:
        for value in STRANGE:
            yield {**good, **credentials, field: value}


@pytest.mark.rows(3)
@pytest.mark.parametrize("path", FIELDS)
def test_strange_body_is_no_500(site, tenant, path):
    second = site.exchange(site.code()).json()["mfa_token"]
    headers = {"Authorization": f"Bearer {second}", "Content-Type": "application/json"}
    for body in bodies(site, path):
        if path.startswith("/mfa/"):
            body["mfa_token"] = second
        answer = site.call("POST", path, data=json.dumps(body), headers=headers)
        assert answer.status_code != 500, body
        tenant.recover()


@pytest.mark.rows(2)
@pytest.mark.parametrize("grant", sorted(GRANTS))
def test_strange_grant_gets_no_tokens(site, grant):
    second = site.exchange(site.code()).json()["mfa_token"]
    for body in bodies(site, "/oauth/token"):
        given = {"grant_type": grant, "mfa_token": second, "otp": "1", "oob_code": "x", **body}
        data = json.dumps(given)
        headers = {"Content-Type": "application/json"}
        answer = site.call("POST", "/oauth/token", data=data, headers=headers)
        assert answer.status_code not in (200, 500), body


@pytest.mark.parametrize("path", QUERIES)
def test_strange_query_is_no_500(site, tenant, path):
    good = {"client_id": tenant.client_id, "redirect_uri": "http://testserver/cb"}
    good = {**good, "response_type": "code"} if path != "/v2/logout" else {}
    for field in QUERIES[path]:
        for value in (value for value in STRANGE if isinstance(value, str)):
            query = {**good, field: value.encode("utf-8", "replace")}
            assert site.get(path, params=query).status_code != 500, query


@pytest.mark.parametrize("page", ["/", "/switches", "/people", "/_tenant/", "/_tenant/people"])
def test_pages_after_strange_people(site, tenant, page):
    tenant.add_person("<b>@example.com", name="\ud800", claims={"a": float("nan")})
    tenant.add_person("\ud800@example.com", factors=["otp"])
    site.start("\u202e@example.com")
    assert site.get(page).status_code == 200


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), 1e300, -1e300])
def test_clock_goes_no_further_than_ten_years(tenant, seconds):
    with pytest.raises(ValueError, match="ten years"):
        tenant.clock.advance(seconds)
    assert tenant.clock.ahead == 0
