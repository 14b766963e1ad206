"""The settings object: what it reads, when, and what it makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from django_pwdless.conf import RATE_LIMITS, Configuration, Setting, conf

MINIMAL = {"DOMAIN": "example.eu.auth0.com", "CLIENT_ID": "a-client"}


def with_keys(**keys: Any) -> override_settings:
    return override_settings(PWDLESS={**MINIMAL, **keys})


def test_two_keys_are_required() -> None:
    required = {name for name, setting in Configuration.keys().items() if setting.is_required}
    assert required == {"DOMAIN", "CLIENT_ID"}


@pytest.mark.parametrize("name", Configuration.keys())
def test_key_is_documented_in_one_sentence(name: str) -> None:
    doc = Configuration.keys()[name].__doc__ or ""
    assert doc.endswith(".") and "\n" not in doc


def test_declaration_is_found_on_the_class() -> None:
    assert isinstance(Configuration.LEEWAY, Setting)


@pytest.mark.parametrize("name", Configuration.keys())
def test_key_that_is_not_written_has_its_default(name: str) -> None:
    setting = Configuration.keys()[name]
    with override_settings(PWDLESS=MINIMAL):
        assert getattr(conf, name) == MINIMAL.get(name, setting.default)


@pytest.mark.parametrize("name", Configuration.keys())
def test_value_is_read_when_used(name: str) -> None:
    first, second = object(), object()
    with with_keys(**{name: first}):
        assert getattr(conf, name) is first
        with with_keys(**{name: second}):
            assert getattr(conf, name) is second
        assert getattr(conf, name) is first


@pytest.mark.parametrize("name", ["DOMAIN", "CLIENT_ID"])
@override_settings(PWDLESS={})
def test_required_key_missing(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        getattr(conf, name)


@override_settings()
def test_missing_setting_still_has_defaults() -> None:
    del settings.PWDLESS
    assert conf.LEEWAY == 30
    with pytest.raises(ImproperlyConfigured):
        _ = conf.DOMAIN


def test_none_is_a_value() -> None:
    with with_keys(CLIENT_SECRET=None, AUDIENCE=None):
        assert conf.CLIENT_SECRET is None
        assert conf.AUDIENCE is None


@pytest.mark.parametrize(
    ("domain", "url"),
    [
        ("example.eu.auth0.com", "https://example.eu.auth0.com"),
        ("login.example.com:8443", "https://login.example.com:8443"),
        ("localhost:3000", "https://localhost:3000"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_tenant_url_and_issuer(domain: str, url: str) -> None:
    with with_keys(DOMAIN=domain):
        assert conf.tenant_url == url
        assert conf.issuer == f"{url}/"


@pytest.mark.parametrize(
    ("action", "key", "rate"),
    [(action, key, rate) for action, keys in RATE_LIMITS.items() for key, rate in keys.items()],
)
def test_rate_limit_default(action: str, key: str, rate: str | None) -> None:
    assert conf.rate_limits(action).get(key) == rate


def test_rate_limits_are_merged_limit_by_limit() -> None:
    with with_keys(RATE_LIMITS={"start": {"ip": "1/d", "pair": None}, "mfa": {}}):
        assert conf.rate_limits("start").get("ip") == "1/d"
        assert conf.rate_limits("start").get("pair") is None
        assert conf.rate_limits("start").get("identifier") == "20/h"
        assert conf.rate_limits("verify").get("ip") == "60/h"
        assert conf.rate_limits("mfa").get("ip") == "60/h"


def test_rate_limit_that_an_action_does_not_have() -> None:
    assert conf.rate_limits("verify").get("site") is None


def test_offers_any_of_the_methods_asked_about() -> None:
    with with_keys(METHODS=["email-code", "universal"]):
        assert conf.offers("email-code")
        assert conf.offers("email-link", "universal")
        assert not conf.offers("email-link")


@pytest.mark.parametrize(
    ("scope", "connection", "asked"),
    [
        ("openid profile email", "email", "openid profile email"),
        ("openid profile email", "sms", "openid profile email phone"),
        ("profile", "email", "openid profile"),
        ("", "", "openid"),
        ("", "sms", "openid phone"),
        ("phone openid", "sms", "openid phone"),
        ("offline_access  offline_access", "email", "openid offline_access"),
    ],
)
def test_scope_has_openid_and_the_number_of_a_text(scope: str, connection: str, asked: str) -> None:
    with with_keys(SCOPE=scope):
        assert conf.scope_for(connection) == asked
