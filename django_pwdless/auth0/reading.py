"""Text in Auth0's answers: of a length that may be its, and such that it can be kept and sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django_pwdless.exceptions import Unavailable

# Longer strings than these are not Auth0's.
MAX_TEXT = 1024
MAX_SEALED = 16_384
MAX_TOKEN = 65_536
MAX_ID_TOKEN = 1024 * 1024
MAX_ITEMS = 100

_VISIBLE = re.compile("[!-~]+")
_ODD = re.compile("[\0\ud800-\udfff]")


def text(data: dict[str, Any], key: str, limit: int = MAX_TEXT) -> str | None:
    """Return the text under a key; None for none, an empty one, or one that cannot be kept."""
    value = data.get(key)
    usable = isinstance(value, str) and 0 < len(value) <= limit and is_storable(value)
    return value if usable else None


def visible(data: dict[str, Any], key: str, limit: int) -> str | None:
    """Return it where it is visible ASCII: nothing else can be sent in a header."""
    value = text(data, key, limit)
    return value if value is not None and _VISIBLE.fullmatch(value) else None


def is_storable(value: str) -> bool:
    """Whether it has neither NUL, which PostgreSQL refuses, nor half of a character.

    JSON can spell such a lone surrogate, and nothing can encode it.
    """
    return _ODD.search(value) is None


def required(data: dict[str, Any], key: str, limit: int = MAX_TEXT) -> str:
    """Return the text under a key; raises ``Unavailable`` without one."""
    value = text(data, key, limit)
    if value is None:
        raise Unavailable(f"The answer holds no usable {key}.")
    return value


def strings(value: Any) -> Iterator[str]:
    """Yield the texts of an array; nothing of anything else."""
    for item in value[:MAX_ITEMS] if isinstance(value, list) else ():
        if isinstance(item, str) and 0 < len(item) <= MAX_TEXT and is_storable(item):
            yield item
