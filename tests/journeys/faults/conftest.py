"""A site and a tenant whose time stands still, with sessions in a cache: quick to make anew."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import caches

from django_pwdless.conf import RATE_LIMITS as DEFAULTS
from django_pwdless.localtenant import LocalTenant
from tests.journeys.conftest import Configure

from .visitor import Visitor

KEYS = ("ip", "pair", "identifier", "pending", "site")
MEMORY = "django.core.cache.backends.locmem.LocMemCache"


class TestedSite:
    """The site of these tests."""

    def __init__(self, clock: Any, configure: Configure) -> None:
        self._clock = clock
        self._configure = configure

    def wait(self, seconds: float) -> None:
        self._clock.shift(seconds)

    def restart(self) -> None:
        self._configure()

    def lose_cache(self) -> None:
        caches["default"].clear()


@pytest.fixture
def site(clock: Any, configure: Configure, settings: Any, tenant: LocalTenant) -> TestedSite:
    settings.CACHES = {**settings.CACHES, "sessions": {"BACKEND": MEMORY, "LOCATION": "sessions"}}
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    settings.SESSION_CACHE_ALIAS = "sessions"
    configure(
        METHODS=["email-code", "email-link", "sms-code", "universal"],
        CUSTOMIZE_MFA=True,
        FACTORS_PAGE=True,
        RESEND_COOLDOWN=0,
        RATE_LIMITS={action: dict.fromkeys(KEYS) for action in DEFAULTS},
    )
    tenant.switches.mfa_limits, tenant.switches.brute_force_limit = False, 0
    return TestedSite(clock, configure)


@pytest.fixture
def visitor(tenant: LocalTenant, site: TestedSite) -> Visitor:
    return Visitor(tenant, site)
