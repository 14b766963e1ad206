from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings, settings
from django.core.checks import run_checks

from django_pwdless import checks
from django_pwdless.checks.settings.values import KINDS
from django_pwdless.conf import Configuration

from . import MINIMAL, ids

SOURCE = "".join(path.read_text("utf-8") for path in Path(checks.__file__).parent.rglob("*.py"))
TESTS = "".join(path.read_text("utf-8") for path in Path(__file__).parent.rglob("test_*.py"))
USED = re.findall(r"pwdless\.[EW]\d+", SOURCE)

# Nothing that a setting is meant to be.
HOSTILE: list[Any] = [
    *(None, True, -1, 10**5000, float("nan"), 1j, "", "\0", "\ud800", "x" * 100_000, b"bytes"),
    *([], [None], (1, "a"), {}, {None: None}, {"a", "set"}, object(), len, str, ["x", ["y", {}]]),
]
HOSTILE.append(HOSTILE)
SITE_SETTINGS = [
    *("ALLOWED_HOSTS", "APPEND_SLASH", "AUTHENTICATION_BACKENDS", "CACHES", "LOGIN_REDIRECT_URL"),
    *("LOGIN_URL", "LOGOUT_REDIRECT_URL", "AUTH_USER_MODEL", "DATABASE_ROUTERS"),
    *("MIDDLEWARE", "PWDLESS", "RATELIMIT_ENABLE", "RATELIMIT_USE_CACHE", "ROOT_URLCONF"),
    *("SECURE_PROXY_SSL_HEADER", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SAMESITE"),
    *("SESSION_ENGINE", "TEMPLATES"),
]


def test_id_is_used_once() -> None:
    assert set(Counter(USED).values()) == {1}


def test_id_has_three_digits() -> None:
    assert all(re.fullmatch(r"pwdless\.[EW]\d{3}", number) for number in USED)


def test_id_has_a_test() -> None:
    assert set(USED) == set(re.findall(r"pwdless\.[EW]\d+", TESTS))


def test_each_check_is_registered() -> None:
    registered = [check.__name__ for check in (*checks.CHECKS, *checks.DEPLOYMENT_CHECKS)]
    assert sorted(registered) == sorted(re.findall(r"^def (check_\w+)", SOURCE, re.MULTILINE))


def test_minimal_settings_are_clean() -> None:
    assert ids(CACHES=global_settings.CACHES) == []


def test_minimal_settings_deployed() -> None:
    assert ids(CACHES=global_settings.CACHES, deploy=True) == ["pwdless.W030"]
    assert ids(deploy=True) == []


def test_defaults_written_out_are_clean() -> None:
    defaults = {
        name: setting.default
        for name, setting in Configuration.keys().items()
        if name not in MINIMAL
    }
    assert ids({**MINIMAL, **defaults}, deploy=True) == []


def test_settings_of_the_suite_are_clean() -> None:
    assert run_checks(tags=["pwdless"]) == []


@pytest.mark.parametrize("name", KINDS)
def test_no_value_of_a_key_makes_a_check_raise(name: str) -> None:
    for value in HOSTILE:
        ids({**MINIMAL, name: value}, deploy=True)


@pytest.mark.parametrize("name", SITE_SETTINGS)
def test_no_value_of_a_setting_makes_a_check_raise(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in HOSTILE:
        # Past override_settings, whose receivers in Django stumble over some of these.
        monkeypatch.setattr(settings, name, value, raising=False)
        run_checks(tags=["pwdless"], include_deployment_checks=True)


@pytest.mark.parametrize("name", SITE_SETTINGS)
def test_no_absent_setting_makes_a_check_raise(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(settings, name, raising=False)
    run_checks(tags=["pwdless"], include_deployment_checks=True)
