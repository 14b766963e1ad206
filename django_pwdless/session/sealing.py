"""Encryption of what the session store may hold but nobody else may read."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "django_pwdless.session.sealing"


def seal(value: Any) -> str:
    """Return a JSON value encrypted and authenticated with a key from ``SECRET_KEY``."""
    return _fernet().encrypt(json.dumps(value).encode()).decode()


def unseal(text: Any) -> Any:
    """Return what was sealed, also under ``SECRET_KEY_FALLBACKS``; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        return json.loads(_fernet().decrypt(text.encode()))
    except (InvalidToken, ValueError):
        return None


def _fernet() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str | bytes) -> bytes:
    """Derive a key of its own for this purpose."""
    digest = salted_hmac(SALT, "fernet", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
