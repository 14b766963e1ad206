from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings
from django.http import HttpRequest

from django_pwdless.conf import RATE_LIMITS

from . import MINIMAL, REDIS, ids, messages

NOT_RATES: list[Any] = [
    *("", "20", "20/", "/h", "20/w", "20/0h", "20/00m", "-1/h", "20/-1h", "20 / h", "20/h "),
    *("20/H", "1.5/h", "20/1.5h", "20/hour", "20/mh", "٢/h", "20/h\n", "20/1000000000d"),
    *("1" * 300 + "/h", 20, 20.0, True, ["20/h"], (20, 3600), {}, b"20/h", "mysite.rates.rate"),
]


def address(request: HttpRequest) -> str | None:
    """What ``CLIENT_IP`` may name."""


def test_default_limits_are_taken() -> None:
    assert ids({**MINIMAL, "RATE_LIMITS": RATE_LIMITS}) == []


@pytest.mark.parametrize("rate", ["20/h", "0/h", "5/10s", "10/15m", "1/d", "100000/1d", None])
def test_rate_is_taken(rate: str | None) -> None:
    assert ids({**MINIMAL, "RATE_LIMITS": {"start": {"ip": rate}}}) == []


@pytest.mark.parametrize("rate", NOT_RATES)
def test_rate_malformed(rate: Any) -> None:
    assert ids({**MINIMAL, "RATE_LIMITS": {"start": {"site": rate}}}) == ["pwdless.E032"]


@pytest.mark.parametrize("action", ["strat", "START", "", 5, None])
def test_unknown_action(action: Any) -> None:
    assert ids({**MINIMAL, "RATE_LIMITS": {action: {"ip": "nonsense"}}}) == ["pwdless.E030"]


@pytest.mark.parametrize(
    ("action", "key"),
    [("start", "IP"), ("verify", "site"), ("link", "pending"), ("mfa", 5), ("mfa", None)],
)
def test_unknown_key(action: str, key: Any) -> None:
    assert ids({**MINIMAL, "RATE_LIMITS": {action: {key: "nonsense"}}}) == ["pwdless.E031"]


@pytest.mark.parametrize("limits", [{"verfy": {}}, {"start": {"verify": None, "sit": None}}])
def test_unknown_names_the_nearest(limits: Any) -> None:
    message = messages({**MINIMAL, "RATE_LIMITS": limits})[-1]
    assert 'the nearest is "verify"' in message.msg or 'the nearest is "site"' in message.msg


def test_client_ip_that_can_be_imported_is_taken() -> None:
    assert ids({**MINIMAL, "CLIENT_IP": f"{__name__}.address"}) == []


@pytest.mark.parametrize(
    "path",
    [
        *("address", "nowhere.address", f"{__name__}.nowhere", f"{__name__}.NOT_RATES"),
        *("..address", ".", "\0.x", "\ud800.x"),
    ],
)
def test_client_ip_names_no_function(path: str) -> None:
    assert ids({**MINIMAL, "CLIENT_IP": path}) == ["pwdless.E033"]


def test_client_ip_in_a_module_that_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "raises_on_import.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(tmp_path)
    assert ids({**MINIMAL, "CLIENT_IP": "raises_on_import.address"}) == ["pwdless.E033"]


@pytest.mark.parametrize("alias", ["counters", "", None, 5, ["default"]])
def test_cache_unknown(alias: Any) -> None:
    assert ids(RATELIMIT_USE_CACHE=alias) == ["pwdless.E034"]


def test_cache_of_its_own() -> None:
    caches = {"default": global_settings.CACHES["default"], "counters": REDIS}
    assert ids(CACHES=caches, RATELIMIT_USE_CACHE="counters", deploy=True) == []


@pytest.mark.parametrize(
    "backend", ["locmem.LocMemCache", "dummy.DummyCache", "filebased.FileBasedCache"]
)
def test_cache_not_fit_to_count(backend: str) -> None:
    counters = {"BACKEND": f"django.core.cache.backends.{backend}", "LOCATION": "x"}
    caches = {"default": REDIS, "counters": counters}
    assert ids(CACHES=caches, deploy=True) == []
    assert ids(CACHES=caches, RATELIMIT_USE_CACHE="counters") == []
    assert ids(CACHES=caches, RATELIMIT_USE_CACHE="counters", deploy=True) == ["pwdless.W030"]


def test_cache_in_the_database() -> None:
    cache = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "table"}
    assert ids(CACHES={"default": cache}, deploy=True) == ["pwdless.W030"]


@pytest.mark.parametrize("off", [False, 0, None])
def test_limits_turned_off(off: Any) -> None:
    assert ids(RATELIMIT_ENABLE=off) == []
    assert ids(RATELIMIT_ENABLE=off, deploy=True) == ["pwdless.E035"]
