"""How often a code may be tried, counted by whom it was sent to: threats 17, 19 and 21."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import caches

from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.limits.tries import begin, count_wrong_code, wrong_codes
from tests.clocks import stop_time
from tests.outages import OUTAGES

ANN = Identifier("email", "ann@example.com")
BEN = Identifier("email", "ben@example.com")


@pytest.fixture(autouse=True)
def clock(time_machine: Any, settings: Any) -> Any:
    return stop_time(time_machine, settings)


def test_wrong_codes_are_counted_since_the_last_message() -> None:
    begin(ANN)
    assert wrong_codes(ANN) == 0
    for _ in range(4):
        count_wrong_code(ANN)
    assert wrong_codes(ANN) == 4
    begin(ANN)
    assert wrong_codes(ANN) == 0


def test_wrong_codes_before_any_message() -> None:
    assert wrong_codes(ANN) is None
    count_wrong_code(ANN)
    assert wrong_codes(ANN) == 1


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (Identifier("email", "Ann@EXAMPLE.com"), True),
        (BEN, False),
        (Identifier("sms", "ann@example.com"), False),
    ],
)
def test_spellings_of_one_address_have_one_count(other: Identifier, is_same: bool) -> None:
    begin(ANN)
    begin(other)
    count_wrong_code(other)
    assert (wrong_codes(ANN) == 1) is is_same


def test_wrong_codes_are_forgotten_with_the_login(settings: Any, clock: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "PENDING_LIFETIME": 300}
    begin(ANN)
    count_wrong_code(ANN)
    clock.shift(299)
    assert wrong_codes(ANN) == 1
    clock.shift(2)
    assert wrong_codes(ANN) is None


def test_count_is_exact_under_concurrency() -> None:
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: count_wrong_code(ANN), range(60)))
    assert wrong_codes(ANN) == 60


def test_keys_do_not_hold_whom_they_count() -> None:
    begin(ANN)
    assert "ann" not in " ".join(caches["default"]._cache)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kept", ["3", True, 2.5, [1], -1, "ann"])
def test_what_somebody_else_keeps_there_is_no_count(kept: Any) -> None:
    begin(ANN)
    (key,) = (key.split(":", 2)[2] for key in caches["default"]._cache)  # type: ignore[attr-defined]
    caches["default"].set(key, kept)
    assert wrong_codes(ANN) is None
    count_wrong_code(ANN)


@pytest.mark.parametrize("backend", OUTAGES)
def test_without_the_cache_nobody_knows(backend: str, settings: Any) -> None:
    """Threat 22: the caller goes on by what the session knows."""
    settings.CACHES = {"default": {"BACKEND": backend}}
    begin(ANN)
    count_wrong_code(ANN)
    assert wrong_codes(ANN) is None
