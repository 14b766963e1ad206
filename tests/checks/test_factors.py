from __future__ import annotations

import pytest

from . import MINIMAL, ids

ON = {
    **MINIMAL,
    "FACTORS_PAGE": True,
    "CUSTOMIZE_MFA": True,
    "METHODS": ["universal"],
    "PHONE_REGIONS": ["DE"],
}


def test_page_with_all_it_needs() -> None:
    assert ids(ON) == []


def test_page_without_a_place_to_prove_oneself() -> None:
    assert ids({**ON, "METHODS": ["email-code"]}) == ["pwdless.E110"]
    assert ids({**MINIMAL, "FACTORS_PAGE": False}) == []


def test_page_without_second_factors() -> None:
    assert ids({**ON, "CUSTOMIZE_MFA": False}) == ["pwdless.E111"]


@pytest.mark.parametrize(
    "address",
    [
        *(None, "https://help.example/", "http://127.0.0.1:8000/help", "/help/"),
        *("mailto:help@example.com", "tel:+4930123456"),
    ],
)
def test_address_of_help(address: str | None) -> None:
    assert ids({**MINIMAL, "SUPPORT_URL": address}) == []


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "help.example", "https://", "mailto:", "data:text/html,x", "http://["],
)
def test_address_that_is_no_link(address: str) -> None:
    assert ids({**MINIMAL, "SUPPORT_URL": address}) == ["pwdless.E112"]
