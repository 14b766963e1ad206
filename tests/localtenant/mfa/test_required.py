"""``mfa_required``: who is asked, for what, and for how long."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from django_pwdless.localtenant.answers.documented_errors import (
    ASSOCIATE,
    AUTHENTICATORS,
    CHALLENGE,
)
from django_pwdless.localtenant.clients.client import MFA_GRANT
from tests.localtenant.site import ANN, refusal

from .second import EXPIRED, MALFORMED, Second, types_of


def test_nobody_is_asked_without_factors(site):
    assert site.sign_in()


def test_first_factor_is_answered_with_a_token_and_requirements(begin):
    second, _ = begin("otp", "sms", "voice", "recovery-code")
    assert second.token.startswith("Fe26.2*") and 500 < len(second.token) < 2000
    assert second.body["error_description"] == "Multifactor authentication required"
    assert types_of(second.body) == ["otp", "phone", "recovery-code"]


def test_mfa_required_status(begin, tenant, site):
    tenant.switches.mfa_required_status = 401
    begin("otp")
    assert site.exchange(site.code()).status_code == 401


@pytest.mark.parametrize(
    ("mfa", "expected"),
    [
        ("absent", ...),
        ("enroll", {"enroll": [{"type": t} for t in ("otp", "phone", "push-notification")]}),
        ("empty", {"challenge": []}),
        ("null", {"challenge": None, "enroll": None}),
        ("unknown", {"challenge": [{"type": "carrier-pigeon"}]}),
        ("challenge_types", {"challenge_types": ["otp", "oob"]}),
        ({"challenge": "otp"}, {"challenge": "otp"}),
    ],
)
def test_shapes_of_requirements(begin, mfa, expected):
    second, _ = begin("otp", mfa=mfa)
    assert second.body.get("mfa_requirements", ...) == expected


def test_unknown_shape_or_factor_is_refused(tenant):
    with pytest.raises(ValueError, match="no mfa 'odd'"):
        tenant.add_person(ANN, mfa="odd")
    with pytest.raises(ValueError, match="no factor 'odd'"):
        tenant.add_person(ANN, factors=["odd"])


def test_expired_token_is_said_to_be_so_at_each_endpoint(begin, tenant):
    second, _ = begin("otp", "sms")
    tenant.clock.advance(601)
    assert refusal(second.list()) == EXPIRED
    assert refusal(second.challenge()) == EXPIRED
    assert refusal(second.associate("otp")) == EXPIRED
    assert refusal(second.grant("otp", otp="123456")) == EXPIRED


def test_token_lasts_ten_minutes(begin, tenant):
    second, person = begin("otp")
    tenant.clock.advance(590)
    assert second.grant("otp", otp=tenant.totp(person)).status_code == 200


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/mfa/authenticators", AUTHENTICATORS),
        ("/mfa/challenge", CHALLENGE),
        ("/mfa/associate", ASSOCIATE),
    ],
)
def test_each_row_of_the_tables_can_be_answered(begin, tenant, path, rows):
    second, _ = begin("otp")
    calls = {
        "/mfa/authenticators": second.list,
        "/mfa/challenge": second.challenge,
        "/mfa/associate": second.associate,
    }
    for name, row in rows.items():
        tenant.fail(path, name, times=1)
        assert refusal(calls[path]()) == (row.status, row.error, row.description or "")


def test_second_requirement_has_a_token_of_its_own(begin, tenant, site):
    second, person = begin("otp", "sms", mfa_steps=2)
    answer = second.grant("otp", otp=tenant.totp(person))
    assert refusal(answer)[:2] == (403, "mfa_required")
    third = Second(site, answer.json())
    assert third.token != second.token
    assert types_of(third.body) == ["phone"]
    assert refusal(second.challenge()) == MALFORMED
    tenant.clock.advance(30)
    assert third.grant("otp", otp=tenant.totp(person)).status_code == 403
    code = third.challenge().json()["oob_code"]
    good = third.grant("oob", oob_code=code, binding_code=third.sent().code)
    assert good.status_code == 200


def test_token_is_spent(begin, tenant):
    second, person = begin("otp")
    assert second.grant("otp", otp=tenant.totp(person)).status_code == 200
    assert refusal(second.grant("otp", otp=tenant.totp(person))) == MALFORMED


def test_token_is_bound_to_the_client(begin, tenant):
    second, person = begin("otp")
    other = tenant.add_client()
    credentials = {"client_id": other.client_id, "client_secret": other.secret}
    answer = second.grant("otp", otp=tenant.totp(person), **credentials)
    assert refusal(answer) == MALFORMED


def test_scope_and_audience_of_the_first_step(tenant, site):
    person = tenant.add_person(ANN, factors=["otp"])
    tenant.add_api("https://api.example/")
    first = site.exchange(site.code(), scope="openid", audience="https://api.example/")
    body = Second(site, first.json()).grant("otp", otp=tenant.totp(person)).json()
    assert body["scope"] == "openid" and body["access_token"].count(".") == 2
    assert "email" not in site.claims(body["id_token"])


@pytest.mark.parametrize("kind", ["otp", "oob", "recovery-code"])
def test_grant_switched_off(begin, tenant, kind):
    second, _ = begin("otp")
    tenant.client.grants.discard(MFA_GRANT + kind)
    assert refusal(second.grant(kind))[:2] == (403, "unauthorized_client")


@pytest.mark.parametrize(
    ("kind", "name"), [("otp", "otp"), ("oob", "oob_code"), ("recovery-code", "recovery_code")]
)
def test_missing_parameter_is_named(begin, kind, name):
    second, _ = begin("otp")
    expected = f"Missing required parameter: {name}"
    assert refusal(second.grant(kind)) == (400, "invalid_request", expected)
    assert refusal(second.grant(kind, mfa_token=...))[1] == "invalid_request"


def test_link_meets_mfa_at_the_exchange(site, tenant):
    person = tenant.add_person(ANN, factors=["otp"])
    uri = "http://testserver/cb"
    params = {"redirect_uri": uri, "response_type": "code", "scope": "openid"}

    def follow():
        site.start(send="link", authParams=params)
        link = tenant.inbox.latest(ANN).link.removeprefix(tenant.base_url)
        location = site.get(link).headers["Location"]
        code = parse_qs(urlsplit(location).query)["code"][0]
        return site.token(grant_type="authorization_code", code=code, redirect_uri=uri)

    second = Second(site, follow().json())
    assert second.grant("otp", otp=tenant.totp(person)).status_code == 200
    tenant.switches.mfa_for_links = False
    assert follow().status_code == 200
