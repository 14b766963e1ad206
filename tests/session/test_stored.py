"""What a session kept is read back, or forgotten where another version kept it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from django_pwdless.auth0.types import Authenticator, Requirements
from django_pwdless.session.pending_login import PendingLogin
from django_pwdless.session.pending_mfa import Challenge, PendingMFA
from django_pwdless.session.redirect_states import RedirectState
from django_pwdless.session.stored import restore

SECOND = PendingMFA(
    "Fe26.2*mfa-token",
    Requirements(("otp", "phone"), ()),
    authenticators=[Authenticator("sms|dev_1", "phone", "sms", "XXX0100")],
    challenges={"sms|dev_1": Challenge("sms|dev_1", "phone", sent_at=1.5, oob_code="oob")},
    current="sms|dev_1",
    recovery_codes=["ABCD"],
)


SECRETS = ("a-secret-token", "a-secret-code", "a-secret-nonce", "a-secret-verifier")
HOLDERS = [
    PendingMFA(SECRETS[0], Requirements(), recovery_codes=[SECRETS[1]], nonce=SECRETS[2]),
    RedirectState("link", "https://site.example/", "email-link", nonce=SECRETS[2]),
    RedirectState("universal", "https://site.example/", "universal", verifier=SECRETS[3]),
]


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
def test_reports_of_errors_show_no_secret(holder: Any) -> None:
    """Threats 15 and 47: they print whatever a frame holds."""
    assert not [secret for secret in SECRETS if secret in repr(holder)]


@pytest.mark.parametrize(("left", "shown"), [(90.9, 90), (0.5, 0), (0, 0), (-5, 0)])
def test_second_factor_has_whole_seconds_left(left: float, shown: int, time_machine: Any) -> None:
    time_machine.move_to(1_800_000_000, tick=False)
    second = PendingMFA("a-token", Requirements(), expires_at=1_800_000_000 + left)
    assert second.expires_in == shown


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(dataclasses.asdict(value)))


def test_all_of_a_second_factor_is_read_back() -> None:
    assert restore(PendingMFA, as_json(SECOND)) == SECOND


def test_second_factor_before_its_list_is_read_back() -> None:
    second = PendingMFA("Fe26.2*mfa-token", Requirements())
    assert restore(PendingMFA, as_json(second)) == second


def test_whole_number_is_a_time_too() -> None:
    found = restore(PendingMFA, {**as_json(SECOND), "expires_at": 5})
    assert found is not None and found.expires_at == 5


@pytest.mark.parametrize(
    "change",
    [
        {"mfa_token": None},
        {"mfa_token": 1},
        {"unheard_of": 1},
        {"expires_at": "1"},
        {"expires_at": True},
        {"expires_at": float("inf")},
        {"expires_at": float("nan")},
        {"expires_at": 10**400},
        {"max_age": 1.5},
        {"requirements": None},
        {"requirements": {"challenge": "otp"}},
        {"requirements": {"challenge": [1]}},
        {"authenticators": {}},
        {"authenticators": [None]},
        {"authenticators": [{"id": "sms|dev_1"}]},
        {"challenges": []},
        {"challenges": {"a": 1}},
        {"recovery_codes": "ABCD"},
        {"recovery_codes": [1]},
    ],
)
def test_what_another_version_kept_is_forgotten(change: dict[str, Any]) -> None:
    wire = as_json(SECOND)
    assert restore(PendingMFA, {**wire, **change}) is None


@pytest.mark.parametrize("stored", [None, [], "x", 1, True, {}, [[]], {"method": "email-code"}])
def test_no_login_is_read_from_anything_else(stored: Any) -> None:
    assert restore(PendingLogin, stored) is None
    assert restore(list[PendingLogin], [stored]) is None
