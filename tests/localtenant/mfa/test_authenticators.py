"""The list of authenticators, and deleting from it."""

from __future__ import annotations

import pytest

from django_pwdless.localtenant.people.authenticators import masked
from tests.localtenant.site import ANN, NUMBER, refusal

from .second import ALL, INVALID, mfa_bearer


def test_list_has_each_kind_in_its_own_shape(begin):
    second, _ = begin(*ALL)
    found = {entry["type"]: entry for entry in second.list().json() if entry["type"] != "phone"}
    assert found["otp"]["authenticator_type"] == "otp" and "name" not in found["otp"]
    assert found["email"]["oob_channel"] == "email" and found["email"]["name"] == "****@exam*******"
    assert found["push-notification"]["oob_channel"] == "auth0"
    assert found["recovery-code"]["id"].startswith("recovery-code|dev_")
    phones = [entry for entry in second.list().json() if entry["type"] == "phone"]
    assert [entry["oob_channel"] for entry in phones] == ["sms", "voice"]
    assert phones[0]["name"] == "X" * (len(NUMBER) - 4) + NUMBER[-4:]
    assert all(entry["active"] for entry in phones)


def test_list_without_type(begin, tenant):
    tenant.switches.authenticators_have_type = False
    second, _ = begin(*ALL)
    assert not any("type" in entry for entry in second.list().json())


def test_list_with_oob_channels(begin, tenant):
    tenant.switches.oob_channels_as_list = True
    second, _ = begin("sms")
    (entry,) = second.list().json()
    assert entry["oob_channels"] == ["sms"] and "oob_channel" not in entry


def test_list_has_unconfirmed_ones_too(begin):
    second, _ = begin("otp", {"factor": "sms", "active": False})
    assert [entry["active"] for entry in second.list().json()] == [True, False]


def test_list_strange_entry(begin):
    second, _ = begin("otp", {"factor": "otp", "wire": {"id": None}})
    assert {"id": None} in second.list().json()


def test_list_of_somebody_without_any_is_empty(begin):
    second, _ = begin(mfa="enroll")
    assert second.list().json() == []


@pytest.mark.parametrize("header", [None, "Bearer x", "Basic x"])
def test_list_invalid_token(site, header):
    headers = {"Authorization": header} if header else {}
    answer = site.get("/mfa/authenticators", headers=headers)
    assert refusal(answer) == INVALID


def test_list_and_delete_by_access_token(site, tenant):
    person = tenant.add_person(ANN, factors=["sms", "voice", "otp"], mfa=None)
    headers = mfa_bearer(site, "openid read:authenticators remove:authenticators")
    entries = site.get("/mfa/authenticators", headers=headers).json()
    place = f"/mfa/authenticators/{entries[0]['id'].replace('|', '%7C')}"
    answer = site.call("DELETE", place, headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert [factor.factor for factor in person.factors] == ["otp"]
    assert site.call("DELETE", place, headers=headers).status_code == 404


def remove(site, person, factor):
    headers = mfa_bearer(site, "openid remove:authenticators")
    place = f"/mfa/authenticators/{person.factor(factor).id}"
    return site.call("DELETE", place, headers=headers)


@pytest.mark.parametrize(
    ("factors", "removed", "left"),
    [
        (["sms", "voice", "otp"], "voice", ["otp"]),
        (["push-notification", "otp", "sms"], "push-notification", ["sms"]),
        (["push-notification", "otp", "sms"], "otp", ["sms"]),
        (["sms", {"factor": "voice", "target": "+12025550199"}], "sms", ["voice"]),
        (["otp", {"factor": "push-notification", "active": False}], "push-notification", ["otp"]),
        (["otp", "recovery-code"], "recovery-code", ["otp"]),
    ],
)
def test_delete_takes_the_twin_along(factors, removed, left, site, tenant):
    person = tenant.add_person(ANN, factors=factors, mfa=None)
    assert remove(site, person, removed).status_code == 204
    assert [factor.factor for factor in person.factors] == left


def test_delete_of_a_verified_email_is_refused(site, tenant):
    person = tenant.add_person(ANN, factors=["email", "otp"], mfa=None)
    assert refusal(remove(site, person, "email"))[:2] == (403, "access_denied")


def test_delete_of_the_last_one_can_be_refused(site, tenant):
    tenant.switches.last_factor_stays = True
    person = tenant.add_person(ANN, factors=["sms", "voice", "recovery-code"], mfa=None)
    assert refusal(remove(site, person, "sms"))[:2] == (409, "last_factor")
    assert remove(site, person, "recovery-code").status_code == 204
    assert [factor.factor for factor in person.factors] == ["sms", "voice"]


def test_delete_needs_its_scope(site, tenant):
    tenant.add_person(ANN, factors=["otp"], mfa=None)
    headers = mfa_bearer(site, "read:authenticators")
    answer = site.call("DELETE", "/mfa/authenticators/x", headers=headers)
    assert refusal(answer)[1] == "insufficient_scope"


def test_list_needs_its_scope(site, tenant):
    tenant.add_person(ANN, factors=["otp"], mfa=None)
    answer = site.get("/mfa/authenticators", headers=mfa_bearer(site, "remove:authenticators"))
    assert refusal(answer)[1] == "insufficient_scope"


def test_delete_takes_no_mfa_token(begin, site):
    second, person = begin("otp")
    headers = {"Authorization": f"Bearer {second.token}"}
    place = f"/mfa/authenticators/{person.factor('otp').id}"
    assert refusal(site.call("DELETE", place, headers=headers)) == INVALID
    assert person.factor("otp").active


def test_access_token_of_another_audience_lists_nothing(site, tenant):
    tenant.add_person(ANN, factors=["otp"], mfa=None)
    headers = mfa_bearer(site, "openid read:authenticators", audience=f"{tenant.issuer}userinfo")
    assert refusal(site.get("/mfa/authenticators", headers=headers)) == INVALID


def test_access_token_lasts_ten_minutes(site, tenant):
    tenant.add_person(ANN, factors=["otp"], mfa=None)
    headers = mfa_bearer(site, "openid read:authenticators")
    tenant.clock.advance(599)
    assert site.get("/mfa/authenticators", headers=headers).status_code == 200
    tenant.clock.advance(2)
    assert refusal(site.get("/mfa/authenticators", headers=headers)) == INVALID


def test_whoever_removes_the_last_factor_is_asked_for_none(begin, site, tenant):
    second, person = begin("otp", "recovery-code")
    second.grant("otp", otp=tenant.totp(person))
    person.mfa = None
    headers = mfa_bearer(site, "openid remove:authenticators")
    person.mfa = "challenge"
    site.call("DELETE", f"/mfa/authenticators/{person.factor('otp').id}", headers=headers)
    assert site.exchange(site.code()).status_code == 200


def test_targets_are_masked_as_auth0_does():
    assert masked("+12025550123") == "XXXXXXXX0123"
    assert masked("a@b.co") == "****@b.co"
    assert masked("Demo phone") == "Demo phone"
