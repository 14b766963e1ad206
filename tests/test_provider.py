"""Where settings meet the client."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import translation

from django_pwdless.provider import get_caller, get_client, get_scope


def configure(settings: Any, **keys: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, **keys}


def test_one_client_for_the_process() -> None:
    assert get_client() is get_client()


@pytest.mark.parametrize(
    "keys",
    [
        {"DOMAIN": "other.example"},
        {"CLIENT_ID": "other"},
        {"CLIENT_SECRET": "other"},
        {"ALGORITHM": "PS256"},
        {"LEEWAY": 5},
        {"TIMEOUT": (1, 2)},
        {"TIMEOUT": [1, 2]},
    ],
)
def test_other_settings_make_another_client(keys: dict[str, Any], settings: Any) -> None:
    before = get_client()
    configure(settings, **keys)
    assert get_client() is not before


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
def test_scope(scope: str, connection: str, asked: str, settings: Any) -> None:
    configure(settings, SCOPE=scope)
    assert get_scope(connection) == asked


@pytest.mark.parametrize(("address", "told"), [("8.8.8.8", "8.8.8.8"), ("10.0.0.1", None)])
def test_caller_has_an_address_only_where_it_is_public(address: str, told: str | None) -> None:
    assert get_caller(RequestFactory().get("/", REMOTE_ADDR=address)).address == told


@pytest.mark.parametrize("language", ["de", "pt-br", None])
def test_caller_has_the_active_language(language: str | None) -> None:
    with translation.override(language):
        assert get_caller(RequestFactory().get("/")).language == language
