"""Checks of the rate limits: their rates, whom they count, and the cache they count in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from django_pwdless.conf import RATE_LIMITS

from .settings.dotted import is_subclass, load
from .settings.spelling import nearest
from .settings.values import about

# No more digits than any site needs, so that no number is too large to count with.
RATE = re.compile(r"[0-9]{1,9}/(?:0*[1-9][0-9]{0,5})?[smhd]")

UNSHARED_CACHES = {
    "django.core.cache.backends.locmem.LocMemCache": "counts in each process separately",
    "django.core.cache.backends.dummy.DummyCache": "counts nothing",
    "django.core.cache.backends.filebased.FileBasedCache": "loses counts when requests meet",
    "django.core.cache.backends.db.DatabaseCache": "loses counts when requests meet",
}


def is_rate(value: Any) -> bool:
    """Whether this is a rate such as ``20/h`` or ``10/15m``, or None for no limit."""
    return value is None or (isinstance(value, str) and RATE.fullmatch(value) is not None)


def explain_unknown(word: Any, known: Mapping[str, Any], place: str) -> dict[str, str]:
    """Return text and hint about a word of ``RATE_LIMITS`` that names no limit."""
    named = f"{word!r}" if isinstance(word, str) else f"a key of type {type(word).__name__}"
    near = f'; the nearest is "{nearest(word, known)}"' if isinstance(word, str) else ""
    return {
        "msg": f'PWDLESS["RATE_LIMITS"]{place} does not know {named}{near}.',
        "hint": "Choose from " + ", ".join(f'"{name}"' for name in known) + ".",
    }


@about("RATE_LIMITS")
def check_actions(limits: Mapping[Any, Mapping[Any, Any]]) -> Iterator[CheckMessage]:
    """Each action is one that is limited."""
    for action in limits:
        if action not in RATE_LIMITS:
            yield Error(**explain_unknown(action, RATE_LIMITS, ""), id="pwdless.E030")


@about("RATE_LIMITS")
def check_limit_keys(limits: Mapping[Any, Mapping[Any, Any]]) -> Iterator[CheckMessage]:
    """Each key is one that its action is counted by."""
    for action, known in RATE_LIMITS.items():
        for key in limits.get(action, {}):
            if key not in known:
                yield Error(**explain_unknown(key, known, f'["{action}"]'), id="pwdless.E031")


@about("RATE_LIMITS")
def check_rates(limits: Mapping[Any, Mapping[Any, Any]]) -> Iterator[CheckMessage]:
    """Each rate can be read."""
    for action, known in RATE_LIMITS.items():
        for key, rate in limits.get(action, {}).items():
            if key in known and not is_rate(rate):
                yield Error(
                    f'PWDLESS["RATE_LIMITS"]["{action}"]["{key}"] is not a rate.',
                    hint='Write for example "20/h" or "10/15m" (s, m, h or d), or None for no '
                    "limit.",
                    id="pwdless.E032",
                )


@about("CLIENT_IP")
def check_client_ip(path: str | None) -> Iterator[CheckMessage]:
    """The function that names the address is there."""
    if path is not None and not callable(load(path)):
        yield Error(
            'PWDLESS["CLIENT_IP"] does not name a function that can be imported.',
            hint="Write the dotted path of a function f(request) that returns a str or None: "
            '"CLIENT_IP": "mysite.addresses.client_ip".',
            id="pwdless.E033",
        )


def find_cache() -> Mapping[Any, Any] | None:
    """Return the settings of the cache that counts; None where there is no such cache."""
    alias = getattr(settings, "RATELIMIT_USE_CACHE", "default")
    caches = getattr(settings, "CACHES", None)
    if not isinstance(alias, str) or not isinstance(caches, dict):
        return None
    cache = caches.get(alias)
    return cache if isinstance(cache, dict) else None


@about()
def check_cache_alias() -> Iterator[CheckMessage]:
    """The cache that counts is one of the site's."""
    if find_cache() is None:
        yield Error(
            "RATELIMIT_USE_CACHE names no cache in CACHES.",
            hint='Write RATELIMIT_USE_CACHE = "default", or add that alias to CACHES.',
            id="pwdless.E034",
        )


@about()
def check_limits_are_on() -> Iterator[CheckMessage]:
    """A site in production limits who may try codes and send messages."""
    if not getattr(settings, "RATELIMIT_ENABLE", True):
        yield Error(
            "RATELIMIT_ENABLE is False. Nothing limits how many codes are sent and tried.",
            hint="Remove RATELIMIT_ENABLE, or write RATELIMIT_ENABLE = True.",
            id="pwdless.E035",
        )


@about()
def check_cache_is_shared() -> Iterator[CheckMessage]:
    """The cache counts for all processes, and loses nothing when two requests meet."""
    backend = (find_cache() or {}).get("BACKEND")
    for base, what in UNSHARED_CACHES.items():
        if is_subclass(backend, base):
            yield Warning(
                f"The cache of the rate limits is a {base.rpartition('.')[2]}, which {what}.",
                hint='Write CACHES = {"default": {"BACKEND": '
                '"django.core.cache.backends.redis.RedisCache", "LOCATION": '
                '"redis://127.0.0.1:6379"}}, or the same for Memcached; or name such a cache in '
                "RATELIMIT_USE_CACHE.",
                id="pwdless.W030",
            )
