"""How long an answer of Auth0's asks to wait."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timezone
from email.utils import parsedate_to_datetime

DEFAULT_RETRY_AFTER = 60
MAX_RETRY_AFTER = 3600


def retry_after(headers: Mapping[str, str]) -> int:
    """Return how long to wait: Auth0's Retry-After, its reset time, or a minute; seconds."""
    wait = _seconds(headers.get("Retry-After")) or _seconds_until(headers.get("x-ratelimit-reset"))
    return min(wait or DEFAULT_RETRY_AFTER, MAX_RETRY_AFTER)


def _seconds(value: str | None) -> int | None:
    """Read ``Retry-After`` (RFC 9110, section 10.2.3): seconds or an HTTP date."""
    if not value:
        return None
    number = _number(value)
    if number is not None:
        return max(number, 1)
    try:
        moment = parsedate_to_datetime(value)
        # "-0000" leaves out the zone; a date of HTTP's is in UTC all the same.
        moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        return max(int(moment.timestamp() - time.time()), 1)
    except (ValueError, TypeError, OverflowError):
        return None


def _seconds_until(value: str | None) -> int | None:
    """Read ``x-ratelimit-reset``: UNIX seconds ("Rate Limit Policy")."""
    moment = _number(value or "")
    return None if moment is None else max(moment - int(time.time()), 1)


def _number(value: str) -> int | None:
    text = value.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None
