"""What the session store may hold but nobody else may read (threats 15 and 32)."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet

from django_pwdless.session.stored import seal, unseal

SECRET = {"mfa_token": "Fe26.2*1*secret", "codes": ["ABCD"], "at": 1.5, "none": None}


def test_sealed_value_comes_back() -> None:
    assert unseal(seal(SECRET)) == SECRET


def test_sealed_text_shows_nothing_and_differs_each_time() -> None:
    first, second = seal(SECRET), seal(SECRET)
    assert "secret" not in first and "ABCD" not in first
    assert first != second


@pytest.mark.parametrize("old", ["the-old-key", b"the-old-key"])
def test_key_that_was_replaced_still_opens(old: Any, settings: Any) -> None:
    settings.SECRET_KEY = old
    sealed = seal(SECRET)
    settings.SECRET_KEY = "the-new-key"
    assert unseal(sealed) is None
    settings.SECRET_KEY_FALLBACKS = ["another-key", old]
    assert unseal(sealed) == SECRET


def test_key_that_was_replaced_seals_nothing_new(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the-new-key", ["the-old-key"]
    sealed = seal(SECRET)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the-old-key", []
    assert unseal(sealed) is None


def test_sealed_text_that_was_changed_is_nothing() -> None:
    sealed = seal(SECRET)
    # The last letters of base64 hold bits that mean nothing.
    for place in range(0, len(sealed) - 4, 7):
        changed = "A" if sealed[place] != "A" else "B"
        assert unseal(sealed[:place] + changed + sealed[place + 1 :]) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        "gAAAA",
        "é",
        "\0",
        "\ud800",
        Fernet(Fernet.generate_key()).encrypt(b"{}").decode(),
    ],
)
def test_text_that_nobody_here_sealed_is_nothing(text: str) -> None:
    assert unseal(text) is None
