"""What a check reads: the values of ``PWDLESS``, each only where it is of its kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.core.checks import CheckMessage

from django_pwdless.conf import Configuration, conf

REDIRECT_METHODS = ("email-link", "universal")


class Rule(NamedTuple):
    """What a value must be: in words, and as a test that raises for none it is given."""

    words: str
    accepts: Callable[[Any], bool]


def is_number(value: Any) -> bool:
    """Whether this is a finite int or float; a bool is neither."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def is_list_of(accepts: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return a test for a list or tuple whose items all pass ``accepts``."""
    return lambda value: isinstance(value, list | tuple) and all(map(accepts, value))


def is_text(value: Any) -> bool:
    """Whether this is a str."""
    return isinstance(value, str)


def or_none(rule: Rule) -> Rule:
    """Return the same rule, which takes None too."""
    return Rule(f"{rule.words} or None", lambda value: value is None or rule.accepts(value))


TEXT = Rule("a string", is_text)
TEXTS = Rule("a list or tuple of strings", is_list_of(is_text))
FLAG = Rule("True or False", lambda value: isinstance(value, bool))
SECONDS = Rule("a finite number of seconds", is_number)
COUNT = Rule("a whole number", lambda value: is_number(value) and isinstance(value, int))
TEXT_OR_TEXTS = Rule(
    "a string, a list or tuple of strings",
    lambda value: is_text(value) or is_list_of(is_text)(value),
)
PAIR = Rule(
    "a pair of finite numbers", lambda value: is_list_of(is_number)(value) and len(value) == 2
)
LIMITS = Rule(
    "a dict of dicts",
    lambda value: isinstance(value, dict) and all(isinstance(v, dict) for v in value.values()),
)

KINDS = {
    "DOMAIN": TEXT,
    "CLIENT_ID": TEXT,
    "CLIENT_SECRET": or_none(TEXT),
    "CLIENT_ASSERTION_KEY": or_none(TEXT),
    "BASE_URL": or_none(TEXT),
    "METHODS": TEXTS,
    "SCOPE": TEXT,
    "AUDIENCE": or_none(TEXT),
    "ALGORITHM": TEXT,
    "LEEWAY": SECONDS,
    "LINK_NONCE": FLAG,
    "CODE_LENGTH": COUNT,
    "CODE_LIFETIME": SECONDS,
    "PENDING_LIFETIME": SECONDS,
    "LINK_LIFETIME": SECONDS,
    "RESEND_COOLDOWN": SECONDS,
    "CUSTOMIZE_MFA": FLAG,
    "MFA_FACTORS": TEXTS,
    "MFA_ENROLL_FACTORS": TEXTS,
    "ADMIN_MFA": FLAG,
    "CREATE_USERS": FLAG,
    "LINK_BY_VERIFIED_EMAIL": FLAG,
    "LOGOUT": TEXT,
    "TRUSTED_PROXIES": COUNT,
    "CLIENT_IP": or_none(TEXT),
    "RATE_LIMITS": LIMITS,
    "RATE_LIMIT_FAIL_OPEN": FLAG,
    "TIMEOUT": PAIR,
    "PHONE_REGION": or_none(TEXT),
    "PHONE_REGIONS": or_none(TEXTS),
    "SIGN_INS": FLAG,
    "TOKENS": FLAG,
    "AUTH_PARAMS": or_none(TEXT),
    "EVENTS": FLAG,
    "EVENT_DAYS": COUNT,
    "FACTORS_PAGE": FLAG,
    "FACTORS_REMOVE_LAST": FLAG,
    "SUPPORT_URL": or_none(TEXT),
    "NOTICES": TEXTS,
    "SITE_NAME": or_none(TEXT),
    "API_AUDIENCE": or_none(TEXT_OR_TEXTS),
    "API_ALGORITHM": TEXT,
    "API_CLIENTS": or_none(TEXTS),
    "API_CREATE_USERS": FLAG,
    "BACKCHANNEL_LOGOUT": FLAG,
}

MAY_BE_EMPTY = {"SCOPE", "MFA_ENROLL_FACTORS", "RATE_LIMITS", "NOTICES"}


def configured() -> dict[Any, Any] | None:
    """Return ``PWDLESS`` as it was written; None where it is no dict."""
    written = getattr(settings, "PWDLESS", None)
    return written if isinstance(written, dict) else None


def is_empty(name: str, value: Any) -> bool:
    """Whether this key holds an empty list or a blank string, and needs more."""
    if name in MAY_BE_EMPTY or not isinstance(value, str | list | tuple):
        return False
    return not (value.strip() if isinstance(value, str) else value)


def is_sound(name: str) -> bool:
    """Whether the key has a value of its kind, written or by default."""
    written = configured()
    if written is None:
        return False
    if name not in written:
        return not Configuration.keys()[name].is_required
    return KINDS[name].accepts(written[name]) and not is_empty(name, written[name])


def about(
    *names: str,
) -> Callable[[Callable[..., Iterable[CheckMessage]]], Callable[..., list[CheckMessage]]]:
    """Make a system check of a function that takes the values of these keys and yields messages.

    It says nothing while one of them is missing, empty or of the wrong kind: that has its own
    message, and one mistake gets one.
    """

    def decorate(
        concern: Callable[..., Iterable[CheckMessage]],
    ) -> Callable[..., list[CheckMessage]]:
        def check(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
            if not all(map(is_sound, names)):
                return []
            return list(concern(*(getattr(conf, name) for name in names)))

        check.__name__ = concern.__name__
        check.__doc__ = concern.__doc__
        return check

    return decorate
