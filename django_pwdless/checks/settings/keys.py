"""Checks of ``PWDLESS`` itself: its keys, and what each value must be taken alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error

from django_pwdless.conf import Configuration, conf

from .spelling import nearest
from .values import KINDS, Rule, about, configured, is_empty, is_sound

# Longer than anybody means; numbers without a bound overflow caches, sockets and dates.
YEAR = 365 * 24 * 3600
HOUR = 3600

COUNT = Rule("0 or more", lambda value: value >= 0)
TIME = Rule(f"from 0 to {YEAR}, a year", lambda value: 0 <= value <= YEAR)
LIFETIME = Rule(f"more than 0, and at most {YEAR}, a year", lambda value: 0 < value <= YEAR)

BOUNDS = {
    "LEEWAY": TIME,
    "CODE_LENGTH": Rule("from 4 to 12", lambda value: 4 <= value <= 12),
    "CODE_LIFETIME": LIFETIME,
    "PENDING_LIFETIME": LIFETIME,
    "LINK_LIFETIME": LIFETIME,
    "RESEND_COOLDOWN": TIME,
    "TRUSTED_PROXIES": COUNT,
    "EVENT_DAYS": Rule("from 1 to 36500", lambda value: 1 <= value <= 36500),
    "TIMEOUT": Rule(
        f"two numbers, each more than 0 and at most {HOUR}, an hour",
        lambda pair: min(pair) > 0 and max(pair) <= HOUR,
    ),
}

CHOICES: dict[str, tuple[str, ...]] = {
    "METHODS": ("email-code", "email-link", "sms-code", "universal"),
    "ALGORITHM": ("RS256", "PS256", "HS256"),
    "MFA_FACTORS": ("push-notification", "otp", "phone", "email", "recovery-code"),
    "MFA_ENROLL_FACTORS": ("otp", "phone", "push-notification"),
    "LOGOUT": ("local", "auth0"),
    "NOTICES": (
        *("new_sign_in", "identity_added", "identity_removed"),
        *("factor_added", "factor_removed", "recovery_code_used"),
    ),
    "API_ALGORITHM": ("RS256", "PS256"),
}

LISTS = (
    *("METHODS", "MFA_FACTORS", "MFA_ENROLL_FACTORS", "PHONE_REGIONS"),
    *("API_AUDIENCE", "API_CLIENTS", "NOTICES"),
)

# What to write for a key whose default says nothing about its form.
EXAMPLES: dict[str, Any] = {
    "DOMAIN": "example.eu.auth0.com",
    "CLIENT_ID": "the client id of your Auth0 application",
    "CLIENT_SECRET": "the client secret of your Auth0 application",
    "CLIENT_ASSERTION_KEY": "-----BEGIN PRIVATE KEY-----…",
    "BASE_URL": "https://www.example.com",
    "AUDIENCE": "https://api.example.com/",
    "CLIENT_IP": "mysite.addresses.client_ip",
    "RATE_LIMITS": {"start": {"ip": "20/h"}},
    "PHONE_REGION": "DE",
    "NOTICES": ["new_sign_in", "identity_added", "identity_removed"],
    "SITE_NAME": "Example",
    "PHONE_REGIONS": ["DE", "AT"],
    "AUTH_PARAMS": "mysite.logins.auth_params",
    "SUPPORT_URL": "https://www.example.com/help/",
    "API_AUDIENCE": "https://api.example.com",
    "API_CLIENTS": ["the client id of your native application"],
}


def example(name: str) -> str:
    """Return how the key could be written, as Python."""
    value = EXAMPLES.get(name, Configuration.keys()[name].default)
    if isinstance(value, tuple) and name != "TIMEOUT":
        value = list(value)
    text = f'"{value}"' if isinstance(value, str) else repr(value).replace("'", '"')
    return f'"{name}": {text}'


@about()
def check_dict() -> Iterator[CheckMessage]:
    """``PWDLESS`` is there, and is a dict."""
    if configured() is None:
        yield Error(
            "The setting PWDLESS is missing or is not a dict.",
            hint=f"Write PWDLESS = {{{example('DOMAIN')}, {example('CLIENT_ID')}, "
            f"{example('CLIENT_SECRET')}}}.",
            id="pwdless.E001",
        )


@about()
def check_unknown_keys() -> Iterator[CheckMessage]:
    """Each key is one we know."""
    for key in configured() or {}:
        if not isinstance(key, str):
            text, hint = "A key of PWDLESS is not a string.", "Remove it."
        elif key in KINDS:
            continue
        else:
            known = nearest(key, KINDS)
            text = f'PWDLESS has no key {key!r}; the nearest is "{known}".'
            hint = f"Write {example(known)}, or remove the key."
        yield Error(text, hint=hint, id="pwdless.E002")


@about()
def check_required_keys() -> Iterator[CheckMessage]:
    """No required key is missing."""
    written = configured()
    for name, setting in Configuration.keys().items():
        if setting.is_required and written is not None and name not in written:
            yield Error(
                f'PWDLESS["{name}"] is required.',
                hint=f"Add {example(name)}.",
                id="pwdless.E003",
            )


@about()
def check_kinds() -> Iterator[CheckMessage]:
    """Each value is of the type its key needs."""
    written = configured() or {}
    for name, kind in KINDS.items():
        if name in written and not kind.accepts(written[name]):
            # The value itself is left out: it may be a secret.
            found = "None" if written[name] is None else f"this {type(written[name]).__name__}"
            yield Error(
                f'PWDLESS["{name}"] must be {kind.words}, not {found}.',
                hint=f"Write for example {example(name)}.",
                id="pwdless.E004",
            )


@about()
def check_bounds() -> Iterator[CheckMessage]:
    """Each number is in its range."""
    for name, bound in BOUNDS.items():
        if is_sound(name) and not bound.accepts(getattr(conf, name)):
            yield Error(
                f'PWDLESS["{name}"] must be {bound.words}.',
                hint=f"Write for example {example(name)}, the default.",
                id="pwdless.E005",
            )


def chosen(name: str) -> list[Any]:
    """Return what the key chooses, one or several; empty where it is not sound."""
    value = getattr(conf, name) if is_sound(name) else None
    return [value] if isinstance(value, str) else list(value or ())


@about()
def check_choices() -> Iterator[CheckMessage]:
    """Each name is one of those its key offers."""
    for name, choices in CHOICES.items():
        for value in chosen(name):
            if value not in choices:
                yield Error(
                    f'PWDLESS["{name}"] does not know {value!r}; '
                    f'the nearest is "{nearest(value, choices)}".',
                    hint="Choose from " + ", ".join(f'"{choice}"' for choice in choices) + ".",
                    id="pwdless.E006",
                )


@about()
def check_repeats() -> Iterator[CheckMessage]:
    """No name is listed twice."""
    for name in LISTS:
        for value, count in Counter(chosen(name)).items():
            if count > 1:
                yield Error(
                    f'PWDLESS["{name}"] lists {value!r} more than once.',
                    hint="Keep one of them, in the place that you mean.",
                    id="pwdless.E007",
                )


@about()
def check_empty_values() -> Iterator[CheckMessage]:
    """No value is empty where that says nothing, or something other than None."""
    written = configured() or {}
    for name, setting in Configuration.keys().items():
        is_kind = name in written and KINDS[name].accepts(written[name])
        if is_kind and is_empty(name, written[name]):
            rest = "." if setting.is_required else ", or remove the key for its default."
            yield Error(
                f'PWDLESS["{name}"] is empty.',
                hint=f"Write for example {example(name)}{rest}",
                id="pwdless.E008",
            )
