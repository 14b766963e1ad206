from __future__ import annotations

import sys
from typing import Any

import pytest

from . import MINIMAL, ids


def test_regions_are_taken() -> None:
    assert ids({**MINIMAL, "PHONE_REGION": "DE", "PHONE_REGIONS": ["DE", "GB"]}) == []


@pytest.mark.parametrize("region", ["de", "DEU", "49", "+49", "UK", "D", "ÄÖ", "DE\n", "\0"])
def test_region_unknown(region: str) -> None:
    assert ids({**MINIMAL, "PHONE_REGION": region}) == ["pwdless.E040"]
    assert ids({**MINIMAL, "PHONE_REGIONS": ["DE", region]}) == ["pwdless.E040"]


@pytest.mark.parametrize("keys", [{"PHONE_REGION": "DE"}, {"PHONE_REGIONS": ["DE"]}])
def test_extra_missing(keys: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    assert ids({**MINIMAL, **keys}) == ["pwdless.E041"]
    assert ids(MINIMAL) == []


@pytest.mark.parametrize("limits", [{}, {"start": {"site": None}}, {"start": {"ip": "1/h"}}])
def test_texts_without_bound(limits: dict[str, Any]) -> None:
    keys = {**MINIMAL, "METHODS": ["email-code", "sms-code"], "RATE_LIMITS": limits}
    assert ids(keys) == ["pwdless.W040"]


@pytest.mark.parametrize(
    "keys", [{"PHONE_REGIONS": ["DE"]}, {"RATE_LIMITS": {"start": {"site": "500/d"}}}]
)
def test_texts_within_bounds(keys: dict[str, Any]) -> None:
    assert ids({**MINIMAL, "METHODS": ["sms-code"], **keys}) == []


ENROLLS = {**MINIMAL, "CUSTOMIZE_MFA": True}


@pytest.mark.parametrize("keys", [{}, {"MFA_ENROLL_FACTORS": ["phone"]}])
def test_texts_by_enrollment_without_bound(keys: dict[str, Any]) -> None:
    assert ids({**ENROLLS, **keys}) == ["pwdless.W040"]


@pytest.mark.parametrize(
    "keys",
    [
        {"PHONE_REGIONS": ["DE"]},
        {"RATE_LIMITS": {"start": {"site": "500/d"}}},
        {"MFA_ENROLL_FACTORS": ["otp"]},
        {"MFA_FACTORS": ["otp", "email"], "MFA_ENROLL_FACTORS": ["otp"]},
        {"CUSTOMIZE_MFA": False},
    ],
)
def test_texts_by_enrollment_within_bounds(keys: dict[str, Any]) -> None:
    assert ids({**ENROLLS, **keys}) == []
