"""The list of authenticators, and deleting from it."""

from __future__ import annotations

import pytest

from django_pwdless.localtenant.people.authenticators import masked
from tests.localtenant.site import ANN, NUMBER, refusal

from .second import ALL


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
    assert refusal(answer) == (401, "invalid_token", "Invalid MFA token")


def mfa_access_token(site, scope):
    audience = f"{site.tenant.issuer}mfa/"
    return site.exchange(site.code(), audience=audience, scope=scope).json()["access_token"]


def test_list_and_delete_by_access_token(site, tenant):
    person = tenant.add_person(ANN, factors=["sms", "voice", "otp"], mfa=None)
    token = mfa_access_token(site, "openid read:authenticators remove:authenticators")
    headers = {"Authorization": f"Bearer {token}"}
    entries = site.get("/mfa/authenticators", headers=headers).json()
    place = f"/mfa/authenticators/{entries[0]['id'].replace('|', '%7C')}"
    answer = site.call("DELETE", place, headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert [factor.factor for factor in person.factors] == ["otp"]
    assert site.call("DELETE", place, headers=headers).status_code == 404


def test_delete_needs_its_scope(site, tenant):
    tenant.add_person(ANN, factors=["otp"], mfa=None)
    headers = {"Authorization": f"Bearer {mfa_access_token(site, 'read:authenticators')}"}
    answer = site.call("DELETE", "/mfa/authenticators/x", headers=headers)
    assert refusal(answer)[1] == "insufficient_scope"


def test_targets_are_masked_as_auth0_does():
    assert masked("+12025550123") == "XXXXXXXX0123"
    assert masked("a@b.co") == "****@b.co"
    assert masked("Demo phone") == "Demo phone"
