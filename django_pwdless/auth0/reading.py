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

#: What no text may hold that is to be kept or sent: NUL, which PostgreSQL refuses, and half of a
#: character, which JSON can spell and nothing can encode.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_VISIBLE = re.compile("[!-~]+")


def text(data: dict[str, Any], key: str, limit: int = MAX_TEXT) -> str | None:
    """Return the text under a key; None for none, an empty one, or one that cannot be kept."""
    value = data.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= limit:
        return None
    return None if UNSTORABLE.search(value) else value


def visible(data: dict[str, Any], key: str, limit: int) -> str | None:
    """Return it where it is visible ASCII: nothing else can be sent in a header."""
    value = text(data, key, limit)
    return value if value is not None and _VISIBLE.fullmatch(value) else None


def required(data: dict[str, Any], key: str, limit: int = MAX_TEXT) -> str:
    """Return the text under a key; raises ``Unavailable`` without one."""
    value = text(data, key, limit)
    if value is None:
        raise Unavailable(f"The answer holds no usable {key}.")
    return value


def strings(value: Any) -> Iterator[str]:
    """Yield the texts of an array; nothing of anything else."""
    for item in value[:MAX_ITEMS] if isinstance(value, list) else ():
        if isinstance(item, str) and 0 < len(item) <= MAX_TEXT and not UNSTORABLE.search(item):
            yield item
