"""POST /oauth/token with a refresh token, and POST /oauth/revoke."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from django_pwdless.localtenant.clients.api import DEFAULT_API
from tests.localtenant.site import ANN, refusal

SCOPE = "openid profile read:orders offline_access"
UNKNOWN = (403, "invalid_grant", "Unknown or invalid refresh token.")
REUSED = (
    403,
    "invalid_grant",
    "Unsuccessful Refresh Token exchange, reused refresh token detected",
)
DAY = 86400


def first(site, **fields: Any) -> dict[str, Any]:
    """The answer to a login that asks for a refresh token."""
    wanted = {"scope": SCOPE, "audience": DEFAULT_API, **fields}
    answer = site.exchange(site.code(), **wanted)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def refresh(site, token: str, **fields: Any):
    return site.token(grant_type="refresh_token", refresh_token=token, **fields)


def revoke(site, **fields: Any):
    merged = {**site.credentials, **fields}
    return site.call(
        "POST", "/oauth/revoke", json={k: v for k, v in merged.items() if v is not ...}
    )


def test_refresh_gives_tokens_of_the_same_login(site, tenant):
    tenant.clock.advance(-1)
    before = first(site)
    tenant.clock.advance(1)
    after = refresh(site, before["refresh_token"]).json()
    assert after["scope"] == before["scope"] == SCOPE and after["expires_in"] == DAY
    assert after["access_token"] != before["access_token"]
    claims = [
        jwt.decode(t["access_token"], options={"verify_signature": False}) for t in (before, after)
    ]
    assert [claim["aud"][0] for claim in claims] == [DEFAULT_API] * 2
    ids = [site.claims(tokens["id_token"]) for tokens in (before, after)]
    assert ids[0]["sub"] == ids[1]["sub"] == claims[1]["sub"]


def test_scope_can_be_narrowed_and_not_widened(site):
    token = first(site)["refresh_token"]
    answer = refresh(site, token, scope="read:orders write:orders").json()
    assert answer["scope"] == "read:orders" and "id_token" not in answer


def test_other_audience_is_silently_ignored(site, tenant):
    tenant.add_api("https://other.example/")
    answer = refresh(site, first(site)["refresh_token"], audience="https://other.example/").json()
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert claims["aud"][0] == DEFAULT_API


def test_rotated_token_ends_the_family_past_the_leeway(site, tenant):
    tenant.switches.refresh_leeway = 30
    old = first(site)["refresh_token"]
    new = refresh(site, old).json()["refresh_token"]
    assert new != old
    tenant.clock.advance(31)
    assert refusal(refresh(site, old)) == REUSED
    assert refusal(refresh(site, new)) == UNKNOWN


def test_rotated_token_works_within_the_leeway(site, tenant):
    old = first(site)["refresh_token"]
    new = refresh(site, old).json()["refresh_token"]
    newer = refresh(site, old).json()["refresh_token"]
    assert refresh(site, newer).status_code == 200
    # The token before the previous one is a breach, however young.
    assert refusal(refresh(site, new)) == REUSED
    assert refusal(refresh(site, newer)) == UNKNOWN


def test_leeway_is_not_made_longer_by_what_it_lets_through(site, tenant):
    old = first(site)["refresh_token"]
    refresh(site, old)
    tenant.clock.advance(20)
    assert refresh(site, old).status_code == 200
    tenant.clock.advance(20)
    assert refusal(refresh(site, old)) == REUSED


def test_without_rotation_the_token_stays(site, tenant):
    tenant.switches.refresh_rotation = False
    token = first(site)["refresh_token"]
    for _ in range(3):
        assert "refresh_token" not in refresh(site, token).json()


@pytest.mark.parametrize(
    ("switch", "seconds", "uses"), [("refresh_lifetime", 100, 3), ("refresh_idle_lifetime", 100, 0)]
)
def test_lifetimes_go_by_the_tenants_clock(site, tenant, switch: str, seconds: int, uses: int):
    setattr(tenant.switches, switch, seconds)
    token = first(site)["refresh_token"]
    for _ in range(uses):
        tenant.clock.advance(30)
        token = refresh(site, token).json()["refresh_token"]
    tenant.clock.advance(10 if uses else 100)
    assert refusal(refresh(site, token)) == UNKNOWN


def test_use_makes_an_idle_lifetime_longer(site, tenant):
    tenant.switches.refresh_idle_lifetime = 100
    token = first(site)["refresh_token"]
    for _ in range(3):
        tenant.clock.advance(90)
        token = refresh(site, token).json()["refresh_token"]


def test_access_token_lives_as_long_as_the_switch_says(site, tenant):
    tenant.switches.access_token_lifetime = 20
    assert first(site)["expires_in"] == 20
    opaque = first(site, audience=...)
    assert opaque["expires_in"] == 20 and "." not in opaque["access_token"]
    tenant.clock.advance(21)
    headers = {"Authorization": f"Bearer {opaque['access_token']}"}
    assert site.get("/userinfo", headers=headers).status_code == 401


@pytest.mark.parametrize("off", ["scope", "api_offline_access", "grant"])
def test_refresh_token_is_left_out_without_a_word(site, tenant, off: str):
    if off == "api_offline_access":
        tenant.switches.api_offline_access = False
    if off == "grant":
        tenant.client.grants.discard("refresh_token")
    answer = first(site, scope="openid" if off == "scope" else SCOPE)
    assert "refresh_token" not in answer
    assert ("offline_access" in answer["scope"]) == (off == "grant")


def test_grant_that_is_off(site, tenant):
    token = first(site)["refresh_token"]
    tenant.client.grants.discard("refresh_token")
    text = "Grant type 'refresh_token' not allowed for the client."
    assert refusal(refresh(site, token)) == (403, "unauthorized_client", text)


def test_what_is_asked_of_the_person_now(site, tenant):
    token = first(site)["refresh_token"]
    tenant.switches.mfa_on_refresh = True
    answer = refresh(site, token)
    assert (answer.status_code, answer.json()["error"]) == (403, "mfa_required")
    assert answer.json()["mfa_token"]
    tenant.switches.mfa_on_refresh = False
    (person,) = tenant.state.people
    person.denied = True
    assert refresh(site, token).json()["error"] == "access_denied"
    person.denied, person.blocked = False, True
    assert refresh(site, token).json()["error"] == "invalid_grant"
    person.blocked = False
    assert refresh(site, token).status_code == 200


@pytest.mark.parametrize("named", ["garbage", "v1.unknown"])
def test_unknown_token(site, named: str):
    assert refusal(refresh(site, named)) == UNKNOWN


def test_token_of_another_application(site, tenant):
    token = first(site)["refresh_token"]
    other = tenant.add_client()
    answer = refresh(site, token, client_id=other.client_id, client_secret=other.secret)
    assert refusal(answer) == UNKNOWN
    revoke(site, token=token, client_id=other.client_id, client_secret=other.secret)
    assert refresh(site, token).status_code == 200


def test_answer_lost_after_rotation(site, tenant):
    tenant.switches.refresh_leeway = 0
    token = first(site)["refresh_token"]
    tenant.fail("/oauth/token", "server_error", times=1, after=True)
    refresh(site, token)
    assert refusal(refresh(site, token)) == REUSED


def test_revoked_token_ends_its_family_alone(site, tenant):
    first_token, other = (first(site)["refresh_token"] for _ in range(2))
    new = refresh(site, first_token).json()["refresh_token"]
    answer = revoke(site, token=new)
    assert (answer.status_code, answer.text) == (200, "")
    assert refusal(refresh(site, new)) == UNKNOWN
    assert refresh(site, other).status_code == 200


def test_revoking_ends_all_of_the_person_where_the_tenant_says_so(site, tenant):
    tenant.switches.revoke_deletes_grant = True
    one, other = (first(site)["refresh_token"] for _ in range(2))
    revoke(site, token=one)
    assert refusal(refresh(site, other)) == UNKNOWN


@pytest.mark.parametrize("token", ["garbage", "v1.unknown"])
def test_revoking_what_is_none_is_fine(site, token: str):
    assert revoke(site, token=token).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"token": "x", "client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
    ],
)
def test_what_revoke_refuses(site, fields: dict[str, str], status: int, error: str):
    answer = revoke(site, **fields)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ANN not in answer.text
