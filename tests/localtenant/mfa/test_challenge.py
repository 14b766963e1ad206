"""``/mfa/challenge``."""

from __future__ import annotations

import pytest

from tests.localtenant.site import refusal

from .second import types_of


def test_challenge_without_client_authentication(begin):
    second, _ = begin("otp")
    assert refusal(second.challenge(client_secret="x"))[:2] == (401, "invalid_client")
    assert refusal(second.challenge(client_secret=None))[:2] == (401, "invalid_client")


@pytest.mark.parametrize("token", ["", "x", 5, None])
def test_challenge_strange_token(site, token):
    body = {**site.credentials, "mfa_token": token}
    answer = site.call("POST", "/mfa/challenge", json=body)
    assert answer.status_code in (400, 403)


def test_challenge_picks_the_first_of_the_types(begin):
    second, _ = begin("otp", "email")
    assert second.challenge(challenge_type="oob").json()["challenge_type"] == "oob"
    assert second.challenge(challenge_type="oob otp").json() == {"challenge_type": "otp"}
    assert second.challenge().json() == {"challenge_type": "otp"}


@pytest.mark.parametrize("asked", ["oob", "pigeon"])
def test_challenge_unsupported_type(begin, asked):
    second, _ = begin("otp")
    answer = second.challenge(challenge_type=asked)
    assert refusal(answer)[:2] == (401, "unsupported_challenge_type")


def test_challenge_recovery_code(begin):
    second, _ = begin("otp", "recovery-code")
    assert refusal(second.challenge("recovery-code"))[1] == "unsupported_challenge_type"


def test_challenge_only_what_the_api_can_do(begin):
    second, _ = begin("webauthn-roaming")
    assert types_of(second.body) == ["webauthn-roaming"]
    assert refusal(second.challenge())[1] == "association_required"


def test_challenge_association_required(begin):
    second, _ = begin(mfa="enroll")
    assert refusal(second.challenge())[:2] == (400, "association_required")


def test_challenge_authenticator_that_is_gone(begin):
    second, person = begin("sms", "otp")
    gone = second.id_of("sms")
    person.factors.pop(0)
    answer = second.challenge(authenticator_id=gone)
    assert refusal(answer)[:2] == (404, "authenticator_not_found")


def test_challenge_as_a_form_is_refused(begin, site):
    second, _ = begin("otp")
    answer = site.call("POST", "/mfa/challenge", data={"mfa_token": second.token})
    assert refusal(answer)[:2] == (400, "invalid_request")
