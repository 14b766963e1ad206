"""What cannot be good is refused in the words of its grant: how a doctor tells one from another."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

import pytest

from django_pwdless.localtenant import LocalTenant
from tests.localtenant.site import Site

CALLBACK = "http://localhost:8000/accounts/callback/"


def revoke(site: Site, **fields: str) -> int:
    body = {**site.credentials, "token": "garbage", **fields}
    return site.call("POST", "/oauth/revoke", data=body).status_code


def test_revoking_garbage_is_done_at_once(site: Site) -> None:
    assert revoke(site) == 200


@pytest.mark.parametrize("fields", [{"client_secret": "wrong"}, {"client_id": "nobody"}])
def test_revoking_needs_the_right_client(site: Site, fields: dict[str, str]) -> None:
    assert revoke(site, **fields) == 401


def test_garbage_is_no_refresh_token(site: Site) -> None:
    answer = site.token(grant_type="refresh_token", refresh_token="garbage")
    assert answer.json()["error_description"] == "Unknown or invalid refresh token."


def test_refresh_grant_can_be_off(site: Site, tenant: LocalTenant) -> None:
    tenant.client.grants.discard("refresh_token")
    answer = site.token(grant_type="refresh_token", refresh_token="garbage")
    assert answer.json()["error"] == "unauthorized_client"


def authorize(site: Site, **query: str) -> str:
    client = {"client_id": site.tenant.client_id, "redirect_uri": CALLBACK}
    params = {**client, "response_type": "code", "prompt": "none", **query}
    return site.get("/authorize", params=params).headers["Location"]


def test_authorize_knows_no_api_that_nobody_added(site: Site, tenant: LocalTenant) -> None:
    tenant.switches.unknown_audiences = False
    assert "error=access_denied" in authorize(site, audience="https://none.example/")
    assert "error=login_required" in authorize(site, audience="https://api.local.example/")


def test_authorize_knows_no_connection_without_identifier_first(
    site: Site, tenant: LocalTenant
) -> None:
    assert "error=login_required" in authorize(site, connection="email")
    tenant.switches.identifier_first = False
    assert "no+connections+enabled" in authorize(site, connection="email")


def test_authorize_knows_no_connection_that_is_gone(site: Site, tenant: LocalTenant) -> None:
    tenant.switches.connections = "sms"
    assert "connection+was+not+found" in authorize(site, connection="email")


def test_forwarded_address_counts_only_where_it_is_trusted(site: Site, tenant: LocalTenant) -> None:
    tenant.switches.brute_force_limit = 1
    tenant.switches.forwarded_for_trusted = False
    for address in ("192.0.2.1", "192.0.2.2"):
        headers = {"auth0-forwarded-for": address}
        body = {**site.credentials, "realm": "email", "username": "a@b.example", "otp": "000000"}
        grant = "http://auth0.com/oauth/grant-type/passwordless/otp"
        answer = site.call(
            "POST", "/oauth/token", data={**body, "grant_type": grant}, headers=headers
        )
    assert answer.json()["error"] == "too_many_attempts"


def test_answers_carry_the_tenants_time(site: Site, tenant: LocalTenant) -> None:
    tenant.clock.advance(86400 * 365)
    date = parsedate_to_datetime(site.get("/.well-known/jwks.json").headers["Date"])
    assert abs(date.timestamp() - time.time() - 86400 * 365) < 60
