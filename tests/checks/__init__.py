"""The system checks: which ids they answer to which settings. No test here looks at prose."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, run_checks
from django.test import override_settings

MINIMAL = {"DOMAIN": "example.eu.auth0.com", "CLIENT_ID": "a-client", "CLIENT_SECRET": "a-secret"}
PUBLIC = {"DOMAIN": "example.eu.auth0.com", "CLIENT_ID": "a-client"}
REDIS = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": "redis://127.0.0.1:6379",
}


def messages(keys: Any = MINIMAL, *, deploy: bool = False, **site: Any) -> list[CheckMessage]:
    """Our messages about a site with this ``PWDLESS`` and these settings; each has a hint."""
    with override_settings(**{"PWDLESS": keys, "CACHES": {"default": REDIS}, **site}):
        found = run_checks(tags=["pwdless"], include_deployment_checks=deploy)
    assert all(message.msg and message.hint for message in found)
    return found


def ids(keys: Any = MINIMAL, *, deploy: bool = False, **site: Any) -> list[str]:
    """The ids of those messages, in order."""
    return sorted(message.id or "" for message in messages(keys, deploy=deploy, **site))
