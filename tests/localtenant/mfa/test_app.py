"""The authenticator app (RFC 6238), and recovery codes."""

from __future__ import annotations

import time

import pytest

from django_pwdless.localtenant.people.totp import code_of, step_at
from tests.localtenant.site import ANN, refusal, wrong

from .second import Second, claims


def test_code_of_the_app_is_exchanged_for_tokens(begin, tenant, site):
    second, person = begin("otp")
    assert second.challenge("otp").json() == {"challenge_type": "otp"}
    found = claims(site, second.grant("otp", otp=tenant.totp(person)))
    assert found["email"] == ANN
    assert "amr" not in found


def test_wrong_code_of_the_app_is_refused(begin, tenant):
    second, person = begin("otp")
    answer = second.grant("otp", otp=wrong(tenant.totp(person)))
    assert refusal(answer) == (403, "invalid_grant", "Invalid otp_code.")


def test_code_of_the_app_works_once(begin, tenant, site):
    second, person = begin("otp")
    code = tenant.totp(person)
    assert second.grant("otp", otp=code).status_code == 200
    again = Second(site, site.exchange(site.code()).json())
    assert refusal(again.grant("otp", otp=code))[2] == "Invalid otp_code."
    tenant.clock.advance(30)
    assert again.grant("otp", otp=tenant.totp(person)).status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(-90, 403), (-30, 200), (30, 200), (90, 403)])
def test_code_of_the_app_may_be_one_step_off(begin, tenant, seconds, status):
    second, person = begin("otp")
    code = code_of(person.factor("otp").secret, step_at(tenant.clock.now() + seconds))
    assert second.grant("otp", otp=code).status_code == status


def test_wrong_codes_of_the_app_are_limited(begin, tenant):
    second, person = begin("otp")
    code = tenant.totp(person)
    statuses = [second.grant("otp", otp=wrong(code)).status_code for _ in range(10)]
    assert set(statuses) == {403}
    assert refusal(second.grant("otp", otp=code))[:2] == (429, "too_many_attempts")
    tenant.switches.mfa_limits = False
    assert second.grant("otp", otp=code).status_code == 200


def test_codes_are_those_of_the_rfc():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    vectors = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    assert {t: code_of(secret, step_at(t)) for t in vectors} == vectors


def test_recovery_code_works_once_and_brings_a_new_one(begin, site):
    second, person = begin("otp", "recovery-code")
    old = person.recovery_code
    assert len(old) == 24 and old.isalnum() and old.upper() == old
    answer = second.grant("recovery-code", recovery_code=old)
    assert claims(site, answer)
    assert answer.json()["recovery_code"] == person.recovery_code != old
    again = Second(site, site.exchange(site.code()).json())
    expected = (403, "invalid_grant", "MFA Authorization rejected.")
    assert refusal(again.grant("recovery-code", recovery_code=old)) == expected


def test_recovery_code_failures_are_limited(begin):
    second, person = begin("recovery-code")
    for _ in range(10):
        assert second.grant("recovery-code", recovery_code="x").status_code == 403
    answer = second.grant("recovery-code", recovery_code=person.recovery_code)
    assert refusal(answer)[:2] == (429, "too_many_attempts")


def test_clock_drives_the_authenticator_app(begin, tenant):
    _, person = begin("otp")
    before = tenant.totp(person)
    tenant.clock.advance(3600)
    assert tenant.totp(person) == code_of(person.factor("otp").secret, step_at(time.time() + 3600))
    assert before is not None
