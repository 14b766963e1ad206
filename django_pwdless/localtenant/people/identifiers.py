"""What the tenant takes for an address or a number."""

from __future__ import annotations

import re

EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f.]+(\.[^@\s\x00-\x1f\x7f.]+)+")
PHONE_NUMBER = re.compile(r"\+[0-9]{1,15}")
LONGEST = 254


def is_email(value: object) -> bool:
    """Return whether ``value`` is an address Auth0 would send to."""
    return isinstance(value, str) and bool(EMAIL.fullmatch(value)) and _is_sane(value)


def is_phone_number(value: object) -> bool:
    """Return whether ``value`` is a number in E.164."""
    return isinstance(value, str) and bool(PHONE_NUMBER.fullmatch(value))


def _is_sane(value: str) -> bool:
    try:
        return len(value.encode()) <= LONGEST
    except UnicodeEncodeError:
        return False
