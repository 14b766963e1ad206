"""Which limits an action has, and what being over one means.

A limit is consumed before Auth0 is called, and a success gives nothing back. The narrowest key
comes first, so that somebody who is stopped by their own address uses up nobody else's budget.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping

from django.conf import settings
from django.dispatch import Signal
from django.http import HttpRequest
from django_ratelimit.core import get_usage

from django_pwdless.conf import conf
from django_pwdless.exceptions import LimitExceeded, LimitsUnavailable
from django_pwdless.identifiers.identifier import Identifier

from .client_ip import client_address, limit_key
from .shared_cache import outage, require_answering

logger: logging.Logger = logging.getLogger("django_pwdless")

#: Somebody is over a limit. Arguments: ``request``, ``limit`` as ``"start.pair 6/h"``,
#: ``identifier`` or None, ``key`` (limit and what is counted), ``seconds`` to the window's end.
limit_reached: Signal = Signal()

SITE_GROUP = "pwdless:start:site"
# Nobody is told to come back later than this, however long the window.
MAX_RETRY_AFTER = 3600
ORDER = ("ip", "pair", "pending", "identifier", "site")


def consume(
    request: HttpRequest,
    action: str,
    *,
    identifier: Identifier | None = None,
    pending: str | None = None,
    authenticator: str | None = None,
) -> None:
    """Count one ``start``, ``verify``, ``link``, ``mfa`` or ``redirect`` against its limits.

    ``pending`` is the id of the pending login. Of a message of a second factor its
    ``authenticator``, the id at Auth0, stands for the identifier. Raises ``LimitExceeded``, or
    ``LimitsUnavailable`` where the cache is down and ``RATE_LIMIT_FAIL_OPEN`` is off.
    """
    address = limit_key(client_address(request))
    name = None if identifier is None else identifier.key
    values: Mapping[str, str | None] = {
        "ip": address,
        "pair": f"{name}\0{address}" if name and address else None,
        "pending": pending,
        "identifier": name or authenticator,
        "site": "site",
    }
    rates = conf.rate_limits(action)
    for key in ORDER:
        rate, value = rates.get(key), values[key]
        if rate is not None and value is not None:
            wait = _count(request, f"pwdless:{action}:{key}", rate, value)
            if wait:
                raise _over(request, f"{action}.{key} {rate}", value, wait, identifier)


def tries_of(action: str, wrong_tries: int) -> int | None:
    """Return how many tries a pending login has left; None before the first wrong one."""
    rate = conf.rate_limits(action).get("pending")
    if not wrong_tries or rate is None:
        return None
    return max(0, int(rate.partition("/")[0]) - wrong_tries)


def consume_setup(request: HttpRequest, step: str, *, pending: str) -> None:
    """Count a call that leads to a second factor: a list of them, or an enrollment.

    Apart from the answers, which it must not use up, but as often as those in one login.
    """
    rate = conf.rate_limits("mfa").get("pending")
    wait = 0 if rate is None else _count(request, f"pwdless:mfa:{step}", rate, pending)
    if wait:
        raise _over(request, f"mfa.pending {rate}", f"{step}\0{pending}", wait)


def _over(
    request: HttpRequest, limit: str, value: str, wait: int, identifier: Identifier | None = None
) -> LimitExceeded:
    """Say that a limit is reached, and return what to raise."""
    limit_reached.send(
        sender=None,
        request=request,
        limit=limit,
        identifier=identifier,
        key=f"{limit}\0{value}",
        seconds=wait,
    )
    return LimitExceeded(min(wait, MAX_RETRY_AFTER))


def _count(request: HttpRequest, group: str, rate: str, value: str) -> int:
    """Count one; return the seconds to wait where that is too many, else 0."""
    digest = hashlib.sha256(value.encode()).hexdigest()
    try:
        require_answering()
        usage = get_usage(
            request, group=group, key=lambda group, request: digest, rate=rate, increment=True
        )
    except Exception as error:  # every cache backend has exceptions of its own
        _without_cache(outage(error))
        return 0
    if usage is None:
        # Its own RATELIMIT_FAIL_OPEN has spoken; whether to go on is for ours to say.
        if getattr(settings, "RATELIMIT_ENABLE", True):
            _without_cache(outage(ConnectionError()))
        return 0
    if not usage["should_limit"]:
        return 0
    if group == SITE_GROUP and usage["count"] == usage["limit"] + 1:
        logger.error("The site's budget for messages (%s) is spent; no more are sent now.", rate)
    if usage["time_left"] < 0:
        # How django-ratelimit says that the cache gave no count.
        _without_cache(outage(ConnectionError()))
        return 0
    return max(int(usage["time_left"]), 1)


def _without_cache(error: LimitsUnavailable) -> None:
    if not conf.RATE_LIMIT_FAIL_OPEN:
        raise error
