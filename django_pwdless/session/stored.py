"""What a session keeps: sealed where nobody else may read it, and read back as dataclasses.

What another version kept is forgotten.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

T = TypeVar("T")
Reader = Callable[[Any], Any]

# Goes into each key: another one would open nothing that is there.
SALT = "django_pwdless.session.sealing"
# Beyond this a number is no time, and overflows when it is taken for one.
MAX_NUMBER = 2**53


def restore(kind: type[T], stored: Any) -> T | None:
    """Return the dataclass whose fields were kept as JSON; None where it does not fit."""
    try:
        restored: T = _reader(cast(Any, kind))(stored)
    except (TypeError, KeyError):
        return None
    return restored


@cache
def _reader(kind: Any) -> Reader:
    """Return what reads a value of this kind; it raises ``TypeError`` or ``KeyError`` at another.

    Kept: what a kind consists of is asked on each request, and slow to answer.
    """
    if kind in (bool, str):
        return partial(_plain, kind)
    if kind in (int, float):
        return partial(_number, kind)
    parts, origin = get_args(kind), get_origin(kind)
    if type(None) in parts:
        return partial(_optional, _reader(parts[0]))
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        readers = {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}
        return partial(_dataclass, kind, readers)
    if origin in (list, tuple):
        return partial(_sequence, origin, _reader(parts[0]))
    return partial(_mapping, _reader(parts[1]))


def _plain(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError
    return value


def _number(kind: type, value: Any) -> Any:
    if type(value) not in (kind, int) or not abs(value) < MAX_NUMBER:
        raise TypeError
    return value


def _optional(read: Reader, value: Any) -> Any:
    return None if value is None else read(value)


def _dataclass(kind: Any, readers: dict[str, Reader], value: Any) -> Any:
    if not isinstance(value, dict):
        raise TypeError
    return kind(**{name: readers[name](part) for name, part in value.items()})


def _sequence(origin: Any, read: Reader, value: Any) -> Any:
    if not isinstance(value, list):
        raise TypeError
    return origin(map(read, value))


def _mapping(read: Reader, value: Any) -> Any:
    if not isinstance(value, dict):
        raise TypeError
    return {key: read(part) for key, part in value.items()}


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
    return MultiFernet([_fernet_of(secret, context) for secret in secrets])


@lru_cache(maxsize=64)
def _fernet_of(secret: str | bytes, context: str) -> Fernet:
    """Derive a key of its own for each context: Fernet authenticates no data beside its own."""
    purpose = f"fernet:{context}" if context else "fernet"
    digest = salted_hmac(SALT, purpose, secret=secret, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))
