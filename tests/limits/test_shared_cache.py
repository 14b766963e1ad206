"""The cache that processes share, and its outage: threat 22."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.exceptions import LimitsUnavailable
from django_pwdless.limits.shared_cache import KeyStore, claim, release
from tests.clocks import stop_time
from tests.outages import DOWN, OUTAGES


@pytest.fixture(autouse=True)
def clock(time_machine: Any, settings: Any) -> Any:
    return stop_time(time_machine, settings)


@pytest.fixture(params=OUTAGES)
def outage(request: pytest.FixtureRequest, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": request.param}}


def test_claim_is_the_firsts() -> None:
    assert [claim("a", 10), claim("a", 10), claim("b", 10)] == [True, False, True]


@pytest.mark.parametrize(("seconds", "is_over"), [(9, False), (11, True)])
def test_claim_ends_after_its_seconds(seconds: int, is_over: bool, clock: Any) -> None:
    claim("a", 10)
    clock.shift(seconds)
    assert claim("a", 10) is is_over


def test_claim_for_no_time_is_everybodys() -> None:
    assert [claim("a", 0), claim("a", 0), claim("a", 10)] == [True, True, True]


def test_claim_given_back() -> None:
    claim("a", 10)
    release("a")
    assert claim("a", 10)


def test_claim_is_in_the_cache_of_the_settings(settings: Any) -> None:
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {
        "default": {"BACKEND": memory, "LOCATION": "one"},
        "limits": {"BACKEND": memory, "LOCATION": "two"},
    }
    assert claim("a", 10)
    settings.RATELIMIT_USE_CACHE = "limits"
    assert claim("a", 10)


@pytest.mark.usefixtures("outage")
def test_claim_without_the_cache(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(LimitsUnavailable):
        claim("a", 10)
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("django_pwdless", "ERROR")
    assert DOWN not in caplog.text


@pytest.mark.usefixtures("outage")
def test_nothing_to_give_back_without_the_cache() -> None:
    release("a")


def test_keys_are_kept(clock: Any) -> None:
    store = KeyStore()
    store.set("keys", [1], 10)
    assert store.get("keys") == [1]
    clock.shift(11)
    assert store.get("keys") is None


def test_keys_are_waited_for() -> None:
    assert [KeyStore().add("wait", 30), KeyStore().add("wait", 30)] == [True, False]


@pytest.mark.usefixtures("outage")
def test_keys_without_the_cache() -> None:
    store = KeyStore()
    store.set("keys", [1], 10)
    assert store.get("keys") is None
    assert store.add("wait", 30)
