"""``/mfa/associate``."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from django_pwdless.localtenant.people.totp import code_of, step_at
from tests.localtenant.site import ANN, NUMBER, refusal

from .second import INVALID, MALFORMED, PENDING, Second, claims, mfa_bearer, types_of


def test_enrolled_app_is_active_once_its_code_is_answered(begin, tenant, site):
    second, person = begin(mfa="enroll")
    body = second.associate("otp").json()
    assert body["authenticator_type"] == "otp"
    uri = urlsplit(body["barcode_uri"])
    query = {name: value for name, (value,) in parse_qs(uri.query).items()}
    assert (uri.scheme, uri.netloc, uri.path) == (
        "otpauth",
        "totp",
        f"/Local%20tenant:{ANN}".replace("@", "%40"),
    )
    assert query == {
        "secret": body["secret"],
        "issuer": "Local tenant",
        "algorithm": "SHA1",
        "digits": "6",
        "period": "30",
    }
    assert [entry["active"] for entry in second.list().json()] == [False, False]
    code = code_of(body["secret"], step_at(tenant.clock.now()))
    assert claims(site, second.grant("otp", otp=code))
    assert [factor.active for factor in person.factors] == [True, True]
    assert [person.recovery_code] == body["recovery_codes"]
    again = Second(site, site.exchange(site.code()).json())
    assert types_of(again.body) == ["otp", "recovery-code"]


@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_enrolled_phone_is_active_once_its_code_is_answered(begin, site, channel):
    second, person = begin(mfa="enroll")
    body = second.associate("oob", oob_channels=[channel], phone_number="+12025550177").json()
    assert (body["oob_channel"], body["binding_method"]) == (channel, "prompt")
    sent = second.sent()
    assert (sent.to, sent.send) == ("+12025550177", "call" if channel == "voice" else "code")
    answer = second.grant("oob", oob_code=body["oob_code"], binding_code=sent.code)
    assert claims(site, answer)
    assert {f.factor for f in person.factors if f.active} == {"sms", "voice", "recovery-code"}


def test_enroll_phone_without_its_twin(begin, tenant):
    tenant.switches.paired_factors = tenant.switches.recovery_codes = False
    second, person = begin(mfa="enroll")
    body = second.associate("oob", oob_channels=["sms"], phone_number=NUMBER).json()
    assert "recovery_codes" not in body
    second.grant("oob", oob_code=body["oob_code"], binding_code=second.sent().code)
    assert [factor.factor for factor in person.factors] == ["sms"]


def test_enrolled_address_is_active_once_its_code_is_answered(begin):
    second, _ = begin(mfa="enroll")
    body = second.associate("oob", oob_channels=["email"]).json()
    assert second.sent().to == ANN
    answer = second.grant("oob", oob_code=body["oob_code"], binding_code=second.sent().code)
    assert answer.status_code == 200


def test_enrolled_device_is_active_once_its_push_is_approved(begin, tenant):
    second, person = begin(mfa="enroll")
    body = second.associate("oob", oob_channels=["auth0"]).json()
    assert body["barcode_uri"].startswith("otpauth://totp/") and "binding_method" not in body
    assert "enrollment_tx_id" in body["barcode_uri"]
    assert refusal(second.grant("oob", oob_code=body["oob_code"])) == PENDING
    tenant.approve_push()
    assert second.grant("oob", oob_code=body["oob_code"]).status_code == 200
    assert {f.factor for f in person.factors} == {"push-notification", "otp", "recovery-code"}


def test_enroll_twice_before_confirming(begin, tenant):
    second, person = begin(mfa="enroll")
    first, again = (second.associate("otp").json() for _ in range(2))
    assert first["secret"] != again["secret"]
    assert first["recovery_codes"] == again["recovery_codes"]
    code = code_of(again["secret"], step_at(tenant.clock.now()))
    assert second.grant("otp", otp=code).status_code == 200
    assert len([factor for factor in person.factors if factor.factor == "otp"]) == 1


def test_enroll_another_is_refused(begin):
    second, _ = begin("otp")
    answer = second.associate("oob", oob_channels=["sms"], phone_number=NUMBER)
    assert refusal(answer) == (403, "access_denied", "User is already enrolled.")


def test_enroll_disabled_factor(begin, tenant):
    tenant.switches.disabled_factors = "sms voice"
    second, _ = begin(mfa="enroll")
    answer = second.associate("oob", oob_channels=["sms"], phone_number=NUMBER)
    assert refusal(answer)[:2] == (400, "unsupported_authenticator_type")


@pytest.mark.parametrize(
    ("types", "fields", "error"),
    [
        ([], {}, "unsupported_authenticator_type"),
        (["pigeon"], {}, "unsupported_authenticator_type"),
        (["oob"], {}, "invalid_request"),
        (["oob"], {"oob_channels": ["pigeon"]}, "invalid_request"),
        (["oob"], {"oob_channels": "sms"}, "invalid_request"),
        (["oob"], {"oob_channels": ["sms"]}, "invalid_request"),
        (["oob"], {"oob_channels": ["sms"], "phone_number": "0151"}, "invalid_request"),
        (["oob"], {"oob_channels": ["email"], "email": "x"}, "invalid_request"),
    ],
)
def test_enroll_bad_request(begin, types, fields, error):
    second, _ = begin(mfa="enroll")
    assert refusal(second.associate(*types, **fields))[:2] == (400, error)


def test_enroll_invalid_token(site):
    headers = {"Authorization": "Bearer x"}
    answer = site.call("POST", "/mfa/associate", json={}, headers=headers)
    assert refusal(answer) == INVALID


def test_enroll_bad_number_is_named(begin):
    second, _ = begin(mfa="enroll")
    answer = second.associate("oob", oob_channels=["voice"], phone_number="0151")
    assert refusal(answer) == (400, "invalid_request", "The phone number is invalid.")


@pytest.mark.parametrize(
    ("types", "fields"),
    [
        (["otp"], {}),
        (["oob"], {"oob_channels": ["sms"], "phone_number": NUMBER}),
        (["oob"], {"oob_channels": ["auth0"]}),
    ],
)
def test_enrollment_names_no_authenticator(begin, types, fields):
    second, _ = begin(mfa="enroll")
    assert "id" not in second.associate(*types, **fields).json()


@pytest.fixture
def adding(site, tenant):
    """Somebody who is signed in for the MFA API, and their way to enroll there."""
    person = tenant.add_person(ANN, phone_number=NUMBER, factors=["sms"], mfa=None)
    headers = mfa_bearer(site, "openid enroll")
    token = headers["Authorization"].removeprefix("Bearer ")
    return Second(site, {"mfa_token": token}), person


def test_access_token_enrolls_one_more(adding, site, tenant):
    second, person = adding
    body = second.associate("otp").json()
    code = code_of(body["secret"], step_at(tenant.clock.now()))
    assert person.factor("otp").active is False
    assert claims(site, second.grant("otp", otp=code))["sub"] == person.sub
    assert person.factor("otp").active is True


def test_access_token_enrolls_by_a_message(adding):
    second, person = adding
    body = second.associate("oob", oob_channels=["email"]).json()
    answer = second.grant("oob", oob_code=body["oob_code"], binding_code=second.sent().code)
    assert answer.status_code == 200
    assert person.factor("email").active is True


def test_access_token_may_enroll_again_and_again(adding, tenant):
    second, _ = adding
    for _ in range(2):
        body = second.associate("oob", oob_channels=["email"]).json()
        answer = second.grant("oob", oob_code=body["oob_code"], binding_code=second.sent().code)
        assert answer.status_code == 200


def test_access_token_is_no_mfa_token_where_nothing_is_enrolled(adding, tenant):
    second, _person = adding
    assert refusal(second.grant("otp", otp="123456")) == MALFORMED
    assert refusal(second.challenge()) == MALFORMED


def test_access_token_needs_its_scope(site, tenant):
    tenant.add_person(ANN, factors=["sms"], mfa=None)
    headers = mfa_bearer(site, "openid read:authenticators")
    body = {"authenticator_types": ["otp"]}
    answer = site.call("POST", "/mfa/associate", json=body, headers=headers)
    assert refusal(answer)[:2] == (403, "insufficient_scope")


def test_first_factor_that_is_added_is_asked_for_from_then_on(site, tenant):
    tenant.add_person(ANN)
    token = mfa_bearer(site, "openid enroll")["Authorization"].removeprefix("Bearer ")
    second = Second(site, {"mfa_token": token})
    code = code_of(second.associate("otp").json()["secret"], step_at(tenant.clock.now()))
    second.grant("otp", otp=code)
    assert site.exchange(site.code()).json()["error"] == "mfa_required"


def test_push_enrollment_in_the_inbox(begin, site):
    second, _ = begin(mfa="enroll")
    second.associate("oob", oob_channels=["auth0"])
    assert "Scan it?" in site.get("/").text
