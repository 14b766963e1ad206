"""Where settings meet the client."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import translation

from django_pwdless.provider import get_caller, get_client


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


@pytest.mark.parametrize(("address", "told"), [("8.8.8.8", "8.8.8.8"), ("10.0.0.1", None)])
def test_caller_has_an_address_only_where_it_is_public(address: str, told: str | None) -> None:
    assert get_caller(RequestFactory().get("/", REMOTE_ADDR=address)).address == told


@pytest.mark.parametrize("language", ["de", "pt-br", None])
def test_caller_has_the_active_language(language: str | None) -> None:
    with translation.override(language):
        assert get_caller(RequestFactory().get("/")).language == language


FORK_WHILE_A_CLIENT_IS_MADE = """
import os, signal, sys
from django.conf import settings
settings.configure(PWDLESS={"DOMAIN": "tenant.example", "CLIENT_ID": "x"})
from django_pwdless import provider

with provider._lock.held():
    child = os.fork()
    if not child:
        signal.alarm(10)
        provider.get_client()
        os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork")
def test_child_forked_while_a_client_is_made_does_not_wait_for_it() -> None:
    command = [sys.executable, "-c", FORK_WHILE_A_CLIENT_IS_MADE]
    assert subprocess.run(command, timeout=60, check=False).returncode == 0
