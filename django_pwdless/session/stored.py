"""What a session keeps: sealed where nobody else may read it, and read back as dataclasses.

What another version kept is forgotten.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

T = TypeVar("T")

# Goes into each key: another one would open nothing that is there.
SALT = "django_pwdless.session.sealing"
# Beyond this a number is no time, and overflows when it is taken for one.
MAX_NUMBER = 2**53


def restore(kind: type[T], stored: Any) -> T | None:
    """Return the dataclass whose fields were kept as JSON; None where it does not fit."""
    try:
        restored: T = _read(kind, stored)
    except (TypeError, KeyError):
        return None
    return restored


def _read(kind: Any, value: Any) -> Any:
    """Return a value of this kind; raises ``TypeError`` or ``KeyError`` where it is another."""
    if kind in (bool, str, int, float):
        return _plain(kind, value)
    arguments = _arguments(kind)
    if type(None) in arguments:
        return None if value is None else _read(arguments[0], value)
    if dataclasses.is_dataclass(kind) and isinstance(value, dict):
        make = cast(Any, kind)
        hints = _hints(make)
        return make(**{name: _read(hints[name], part) for name, part in value.items()})
    match _origin(kind), value:
        case (origin, list()) if origin in (list, tuple):
            return origin(_read(arguments[0], part) for part in value)
        case origin, dict() if origin is dict:
            return {key: _read(arguments[1], part) for key, part in value.items()}
    raise TypeError


def _plain(kind: Any, value: Any) -> Any:
    is_number = kind in (int, float) and type(value) in (kind, int) and abs(value) < MAX_NUMBER
    if is_number or (kind in (bool, str) and type(value) is kind):
        return value
    raise TypeError


# Asked on each request, and slow to answer.
_arguments: Callable[[Any], Any] = cache(get_args)
_origin: Callable[[Any], Any] = cache(get_origin)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


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
