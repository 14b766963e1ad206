from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings

from django_pwdless.checks.settings.values import KINDS
from django_pwdless.conf import Configuration
from tests.checks import MINIMAL, ids, messages

NESTED: list[Any] = []
NESTED.append(NESTED)

OF_NO_KIND = [b"bytes", object(), {"a", "set"}, 1j, len, str, NESTED, float("nan")]
WRONG_KINDS: dict[str, list[Any]] = {
    "a string": [None, 5, True, ["x"], {}],
    "a string or None": [5, False, ["x"], {}],
    "True or False": [None, 0, 1, "True", []],
    "a finite number of seconds": [None, True, "30", [30], timedelta(seconds=30), float("inf")],
    "a whole number": [None, True, False, "6", 6.0, [6], {}],
    "a list or tuple of strings": [None, "email-code", 5, ["x", 5], [None], {"x": 1}],
    "a list or tuple of strings or None": ["DE", 5, ["DE", None], {"DE": 1}],
    "a string, a list or tuple of strings or None": [5, False, ["x", 5], {"x": 1}],
    "a pair of finite numbers": [None, 10, "10", [], [1], (1, 2, 3), ("1", "2"), (True, 2), {1, 2}],
    "a dict of dicts": [None, [], "20/h", {"start": None}, {"start": "20/h"}],
}


@pytest.mark.parametrize("written", [None, [], "DOMAIN", 5, ("DOMAIN", "CLIENT_ID")])
def test_setting_that_is_no_dict(written: Any) -> None:
    assert ids(written) == ["pwdless.E001"]


def test_setting_that_is_missing() -> None:
    with override_settings():
        del settings.PWDLESS
        assert [message.id for message in run_checks(tags=["pwdless"])] == ["pwdless.E001"]


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("DOMIAN", "DOMAIN"),
        ("domain", "DOMAIN"),
        ("CLIENTSECRET", "CLIENT_SECRET"),
        ("METHOD", "METHODS"),
        ("RATE_LIMIT", "RATE_LIMITS"),
    ],
)
def test_unknown_key_names_the_nearest(key: str, nearest: str) -> None:
    (message,) = messages({**MINIMAL, key: "x"})
    assert message.id == "pwdless.E002"
    assert f'"{nearest}"' in message.msg
    assert f'"{nearest}"' in (message.hint or "")


@pytest.mark.parametrize("key", ["", "x" * 10_000, "\ud800", "\0", 5, None, ("DOMAIN",)])
def test_unknown_key_of_any_type(key: Any) -> None:
    assert ids({**MINIMAL, key: "x"}) == ["pwdless.E002"]


@pytest.mark.parametrize("key", ["DOMAIN", "CLIENT_ID"])
def test_required_key_missing(key: str) -> None:
    (message,) = messages({name: value for name, value in MINIMAL.items() if name != key})
    assert message.id == "pwdless.E003"
    assert f'"{key}"' in message.msg


def test_required_keys_missing_are_all_named() -> None:
    assert ids({"CLIENT_SECRET": "a-secret"}) == ["pwdless.E003", "pwdless.E003"]


def test_each_key_has_a_kind() -> None:
    assert set(KINDS) == set(Configuration.keys())


def test_each_kind_has_wrong_values() -> None:
    assert {kind.words for kind in KINDS.values()} == set(WRONG_KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_wrong_kind_is_reported_once(name: str) -> None:
    for value in WRONG_KINDS[KINDS[name].words] + OF_NO_KIND:
        (message,) = messages({**MINIMAL, name: value}, deploy=True)
        assert message.id == "pwdless.E004"
        assert f'"{name}"' in message.msg
        assert f'"{name}"' in (message.hint or "")


@pytest.mark.parametrize("name", ["CLIENT_SECRET", "CLIENT_ASSERTION_KEY"])
def test_secret_of_wrong_kind_is_not_shown(name: str) -> None:
    (message,) = messages({**MINIMAL, name: ["hush"]})
    assert "hush" not in str(message)


@pytest.mark.parametrize("make", [list, tuple])
def test_lists_may_be_tuples(make: Any) -> None:
    lists = {"METHODS": ["email-code"], "MFA_FACTORS": ["otp"], "MFA_ENROLL_FACTORS": ["otp"]}
    pair = {"TIMEOUT": make([1, 2.5])}
    assert ids({**MINIMAL, **pair, **{name: make(value) for name, value in lists.items()}}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEEWAY", -1),
        ("LEEWAY", -0.5),
        ("CODE_LENGTH", 3),
        ("CODE_LENGTH", 13),
        ("CODE_LENGTH", -(10**400)),
        ("CODE_LIFETIME", 0),
        ("PENDING_LIFETIME", 0),
        ("PENDING_LIFETIME", -900),
        ("LINK_LIFETIME", 0.0),
        # These would overflow a cache's or a socket's time in the middle of a login.
        ("LINK_LIFETIME", 10**400),
        ("CODE_LIFETIME", 1e308),
        ("LEEWAY", 10**400),
        ("RESEND_COOLDOWN", 366 * 24 * 3600),
        ("TIMEOUT", (3.05, 1e10)),
        ("TIMEOUT", (10**400, 10)),
        ("RESEND_COOLDOWN", -1),
        ("TRUSTED_PROXIES", -1),
        ("TIMEOUT", (0, 10)),
        ("TIMEOUT", [3, -1]),
    ],
)
def test_number_out_of_bounds(name: str, value: Any) -> None:
    assert ids({**MINIMAL, name: value}) == ["pwdless.E005"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEEWAY", 0),
        ("LEEWAY", 0.5),
        ("CODE_LENGTH", 4),
        ("CODE_LENGTH", 12),
        ("CODE_LIFETIME", 0.5),
        ("PENDING_LIFETIME", 1),
        ("LINK_LIFETIME", 365 * 24 * 3600),
        ("RESEND_COOLDOWN", 0),
        ("TRUSTED_PROXIES", 0),
        ("TRUSTED_PROXIES", 2),
        ("TIMEOUT", [0.1, 60]),
        ("TIMEOUT", [3600, 3600]),
    ],
)
def test_number_within_bounds(name: str, value: Any) -> None:
    assert ids({**MINIMAL, name: value}) == []


@pytest.mark.parametrize(
    ("name", "value", "nearest"),
    [
        ("METHODS", ["email_code"], "email-code"),
        ("METHODS", ["email-code", "SMS-CODE"], "sms-code"),
        ("METHODS", ["password"], ""),
        ("ALGORITHM", "none", ""),
        ("ALGORITHM", "rs256", "RS256"),
        ("LOGOUT", "Auth0", "auth0"),
        ("LOGOUT", "local\n", "local"),
        ("MFA_FACTORS", ["push_notification"], "push-notification"),
        ("MFA_ENROLL_FACTORS", ["recovery-code"], ""),
        ("MFA_ENROLL_FACTORS", ["email"], ""),
    ],
)
def test_unknown_choice_names_the_nearest(name: str, value: Any, nearest: str) -> None:
    (message,) = messages({**MINIMAL, name: value})
    assert message.id == "pwdless.E006"
    assert f'the nearest is "{nearest}' in message.msg


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METHODS", ["email-link", "universal", "email-code"]),
        ("ALGORITHM", "PS256"),
        ("LOGOUT", "auth0"),
        ("MFA_FACTORS", ["recovery-code", "otp"]),
        ("MFA_ENROLL_FACTORS", ["phone"]),
    ],
)
def test_known_choice_is_taken(name: str, value: Any) -> None:
    assert ids({**MINIMAL, name: value}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METHODS", ["email-code", "email-code"]),
        ("MFA_FACTORS", ["otp", "phone", "otp"]),
        ("MFA_ENROLL_FACTORS", ["otp", "otp", "otp"]),
        ("PHONE_REGIONS", ["DE", "AT", "DE"]),
    ],
)
def test_choice_listed_twice(name: str, value: Any) -> None:
    assert ids({**MINIMAL, name: value}) == ["pwdless.E007"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("DOMAIN", ""), ("DOMAIN", " "), ("CLIENT_ID", ""), ("CLIENT_ID", "\n")),
        *(("CLIENT_SECRET", ""), ("CLIENT_ASSERTION_KEY", ""), ("BASE_URL", ""), ("AUDIENCE", "")),
        *(("ALGORITHM", ""), ("LOGOUT", ""), ("CLIENT_IP", ""), ("PHONE_REGION", "")),
        *(("METHODS", []), ("METHODS", ()), ("MFA_FACTORS", []), ("PHONE_REGIONS", [])),
    ],
)
def test_empty_value(name: str, value: Any) -> None:
    assert ids({**MINIMAL, name: value}, deploy=True) == ["pwdless.E008"]


@pytest.mark.parametrize(
    ("name", "value"), [("SCOPE", ""), ("MFA_ENROLL_FACTORS", []), ("RATE_LIMITS", {})]
)
def test_empty_where_it_makes_sense(name: str, value: Any) -> None:
    assert ids({**MINIMAL, name: value}) == []
