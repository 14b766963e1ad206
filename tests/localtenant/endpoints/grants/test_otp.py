"""POST /oauth/token with the passwordless OTP grant."""

from __future__ import annotations

import pytest

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.clients.client import OTP_GRANT
from tests.localtenant.site import ANN, NUMBER, refusal, wrong

WRONG = (403, "invalid_grant", "Wrong email or verification code.")
EXHAUSTED = (
    403,
    "invalid_grant",
    "You've reached the maximum number of attempts. Please try to login again.",
)


def test_code_is_exchanged_for_tokens_and_claims(site, tenant):
    answer = site.exchange(site.code())
    body = answer.json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert body["token_type"] == "Bearer"
    assert (body["scope"], body["expires_in"]) == ("openid profile email", 86400)
    claims = site.claims(body["id_token"])
    assert (claims["email"], claims["email_verified"]) == (ANN, True)
    assert (claims["name"], claims["nickname"]) == (ANN, "ann")
    assert claims["sub"].startswith("email|") and len(claims["sub"]) == 30
    assert {"nonce", "amr", "auth_time", "phone_number"}.isdisjoint(claims)


def test_sign_in_by_json(site):
    body = {"grant_type": OTP_GRANT, "realm": "email", "username": ANN, "otp": site.code()}
    answer = site.call("POST", "/oauth/token", json={**site.credentials, **body})
    assert answer.status_code == 200


def test_sign_in_by_sms(site, tenant):
    site.start_sms()
    code = tenant.inbox.latest(NUMBER).code
    answer = site.exchange(code, NUMBER, scope="openid profile phone")
    claims = site.claims(answer.json()["id_token"])
    assert claims["sub"].startswith("sms|")
    assert (claims["phone_number"], claims["name"]) == (NUMBER, NUMBER)
    assert "email" not in claims


def test_sign_in_again_is_the_same_person(site, tenant):
    first = site.sign_in()["sub"]
    tenant.reset()
    assert site.sign_in()["sub"] == first


def test_username_in_another_case(site):
    assert site.exchange(site.code(), "ANN@example.COM").status_code == 200


@pytest.mark.parametrize(
    ("scope", "present"),
    [
        ("openid", {"sub"}),
        ("openid email", {"email", "email_verified"}),
        ("openid profile", {"name", "nickname", "picture", "updated_at"}),
        ("openid phone", {"phone_number"}),
    ],
)
def test_scope_decides_on_the_claims(site, tenant, scope, present):
    tenant.add_person(ANN, phone_number=NUMBER)
    every = {"email", "email_verified", "name", "nickname", "picture", "updated_at"}
    claims = site.sign_in(scope=scope)
    assert claims.keys() & (every | {"phone_number", "sub"}) == present | {"sub"}


def test_scope_without_openid(site):
    body = site.exchange(site.code(), scope="profile").json()
    assert "id_token" not in body and "access_token" in body


def test_scope_offline_access(site):
    assert site.exchange(site.code(), scope="openid offline_access").json()["refresh_token"]


def test_audience_makes_the_access_token_a_jwt(site, tenant):
    tenant.add_api("https://api.example/")
    body = site.exchange(site.code(), audience="https://api.example/").json()
    assert body["access_token"].count(".") == 2


def test_claims_of_the_person_go_over_the_usual_ones(site, tenant):
    claims = {"https://site.example/roles": ["admin"], "name": "Ann"}
    tenant.add_person(ANN, email_verified=False, claims=claims, sub="auth0|1")
    found = site.sign_in()
    assert (found["sub"], found["email_verified"], found["name"]) == ("auth0|1", False, "Ann")
    assert found["https://site.example/roles"] == ["admin"]


def test_wrong_code_is_refused(site):
    assert refusal(site.exchange(wrong(site.code()))) == WRONG


def test_wrong_code_sms(site, tenant):
    site.start_sms()
    answer = site.exchange(wrong(tenant.inbox.latest().code), NUMBER)
    assert refusal(answer)[2] == "Wrong phone number or verification code."


def test_code_of_an_unknown_address_looks_wrong(site):
    assert refusal(site.exchange("123456", "nobody@example.com")) == WRONG


def test_code_of_somebody_else(site):
    code = site.code("bo@example.com")
    site.start()
    assert refusal(site.exchange(code, ANN)) == WRONG


@pytest.mark.parametrize("otp", ["12345\0", "१२३४५६", "x" * 5000])
def test_strange_code_is_wrong(site, otp):
    site.start()
    assert refusal(site.exchange(otp)) == WRONG


def test_code_works_once(site):
    code = site.code()
    assert site.exchange(code).status_code == 200
    assert refusal(site.exchange(code)) == WRONG


def test_newest_code_only(site):
    old, new = site.code(), site.code()
    assert refusal(site.exchange(wrong(new) if old == new else old)) == WRONG
    assert site.exchange(new).status_code == 200


def test_code_has_three_tries_and_a_new_one_has_its_own(site):
    code = site.code()
    answers = [refusal(site.exchange(wrong(code))) for _ in range(4)]
    assert answers == [WRONG, WRONG, EXHAUSTED, EXHAUSTED]
    assert refusal(site.exchange(code)) == EXHAUSTED
    assert site.exchange(site.code()).status_code == 200


def test_three_tries_exhausted_after_the_third(site, tenant):
    tenant.switches.exhausted_on_third = False
    code = site.code()
    answers = [refusal(site.exchange(wrong(code))) for _ in range(4)]
    assert answers == [WRONG, WRONG, WRONG, EXHAUSTED]
    assert refusal(site.exchange(code)) == EXHAUSTED


def test_third_try_right(site):
    code = site.code()
    assert [site.exchange(wrong(code)).status_code for _ in range(2)] == [403, 403]
    assert site.exchange(code).status_code == 200


def test_expired_code_is_said_to_be_so(site, tenant):
    code = site.code()
    tenant.clock.advance(179)
    assert refusal(site.exchange(wrong(code))) == WRONG
    tenant.clock.advance(2)
    expected = "The verification code has expired. Please try to login again."
    assert refusal(site.exchange(code)) == (403, "invalid_grant", expected)


def test_expired_as_wrong(site, tenant):
    tenant.switches.expired_as_wrong = True
    code = site.code()
    tenant.clock.advance(181)
    assert refusal(site.exchange(code)) == WRONG


def test_code_length_and_lifetime(site, tenant):
    tenant.switches.code_length, tenant.switches.code_lifetime = 8, 600
    code = site.code()
    tenant.clock.advance(500)
    assert len(code) == 8 and site.exchange(code).status_code == 200


def test_upcoming_code_is_the_next_one(site, tenant):
    tenant.state.codes.upcoming.append("000123")
    assert site.code() == "000123"


def test_blocked_after_the_code_was_sent(site, tenant):
    person = tenant.add_person(ANN)
    code = site.code()
    person.blocked = True
    assert refusal(site.exchange(wrong(code))) == WRONG
    assert refusal(site.exchange(code)) == (401, "unauthorized", "user is blocked")


def test_denied_person_is_refused_after_the_code(site, tenant):
    tenant.add_person(ANN, denied=True)
    assert refusal(site.exchange(site.code()))[:2] == (403, "access_denied")


def test_too_many_failures_are_refused(site, tenant):
    tenant.switches.brute_force_limit = 2
    code = site.code()
    assert [site.exchange(wrong(code)).status_code for _ in range(2)] == [403, 403]
    assert refusal(site.exchange(code))[:2] == (429, "too_many_attempts")
    tenant.switches.brute_force_limit = 0
    assert site.exchange(code).status_code == 200


@pytest.mark.parametrize("name", ["grant_type", "realm", "username", "otp"])
def test_missing_parameter_is_named(site, name):
    body = {"grant_type": OTP_GRANT, "realm": "email", "username": ANN, "otp": "123456"}
    answer = site.token(**{**body, name: ...})
    expected = f"Missing required parameter: {name}"
    assert refusal(answer) == (400, "invalid_request", expected)


def test_unsupported_grant_type(site):
    answer = site.exchange("123456", grant_type="urn:strange")
    assert refusal(answer)[:2] == (400, "unsupported_grant_type")


def test_grant_switched_off(site, tenant):
    tenant.client.grants.discard(OTP_GRANT)
    expected = f"Grant type '{OTP_GRANT}' not allowed for the client."
    assert refusal(site.exchange("123456")) == (403, "unauthorized_client", expected)


def test_realm_does_not_match(site, tenant):
    code = site.code()
    assert refusal(site.exchange(code, realm="sms"))[:2] == (403, "invalid_grant")


@pytest.mark.parametrize("name", TOKEN)
def test_each_row_of_the_table_can_be_answered(site, tenant, name):
    row = TOKEN[name]
    tenant.fail("/oauth/token", name, times=1)
    code = site.code()
    expected = (row.status, row.error, row.description or "")
    assert refusal(site.exchange(code)) == expected
    assert site.exchange(code).status_code == 200


def test_answer_of_ones_own_is_given(site, tenant):
    extra = {"mfa_token": "Fe26.2*x", "mfa_requirements": {"challenge": []}}
    tenant.answer(
        "/oauth/token", 401, "mfa_required", "More", headers={"Retry-After": "3"}, **extra
    )
    answer = site.exchange("123456")
    assert answer.status_code == 401
    assert answer.json() == {"error": "mfa_required", "error_description": "More", **extra}
    assert answer.headers["Retry-After"] == "3"


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b'{"grant_type": 5}', b"\xff"])
def test_malformed_body_is_an_invalid_request(site, body):
    headers = {"Content-Type": "application/json"}
    answer = site.call("POST", "/oauth/token", data=body, headers=headers)
    assert refusal(answer)[:2] == (400, "invalid_request")
