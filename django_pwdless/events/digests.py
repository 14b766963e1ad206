"""Identifiers as the rows hold them: enough to find a known one again, too little to read one."""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac

from django_pwdless.identifiers.identifier import Identifier

SALT = "django_pwdless.events.identifier"


def digest_of(identifier: Identifier) -> str:
    """Return what a new row holds, 64 hex digits keyed by ``SECRET_KEY``."""
    return keyed(SALT, identifier.key)[0]


def digests_of(identifier: Identifier) -> list[str]:
    """Return what rows may hold that are from before ``SECRET_KEY`` changed, too."""
    return keyed(SALT, identifier.key)


def keyed(salt: str, text: str) -> list[str]:
    """Return a text's digests by ``SECRET_KEY`` and each of ``SECRET_KEY_FALLBACKS``."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        salted_hmac(salt, text, secret=secret, algorithm="sha256").hexdigest() for secret in secrets
    ]
