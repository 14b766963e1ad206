"""Encryption of what the session store may hold but nobody else may read."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "django_pwdless.session.sealing"


def seal(value: Any, *, context: str = "") -> str:
    """Return a JSON value encrypted and authenticated with a key from ``SECRET_KEY``.

    ``context`` says what for and whose it is: under another one it does not open.
    """
    return _fernet(context).encrypt(json.dumps(value).encode()).decode()


def unseal(text: Any, *, context: str = "") -> Any:
    """Return what was sealed, also under ``SECRET_KEY_FALLBACKS``; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        return json.loads(_fernet(context).decrypt(text.encode()))
    except (InvalidToken, ValueError):
        return None


def _fernet(context: str) -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret, context)) for secret in secrets])


def _key(secret: str | bytes, context: str) -> bytes:
    """Derive a key of its own for each context: Fernet authenticates no data beside its own."""
    purpose = f"fernet:{context}" if context else "fernet"
    digest = salted_hmac(SALT, purpose, secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
