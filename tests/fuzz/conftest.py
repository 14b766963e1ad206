from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.clients.api import DEFAULT_API
from tests.journeys.browser import Browser
from tests.journeys.sign_ins.conftest import AUTHENTICATION, SIGN_IN

from .sessions import STATES, in_state


@pytest.fixture
def tenant(pwdless_tenant: LocalTenant) -> LocalTenant:
    """A tenant that never loses patience: our own limits are what is looked at."""
    pwdless_tenant.switches.brute_force_limit = 0
    pwdless_tenant.switches.mfa_limits = False
    return pwdless_tenant


@pytest.fixture
def everything_on(
    tenant: LocalTenant, configure: Callable[..., None], settings: Any, clock: Any
) -> None:
    """A site that offers all there is, in several languages, behind one proxy."""
    configure(
        METHODS=["email-code", "email-link", "sms-code", "universal"],
        CUSTOMIZE_MFA=True,
        FACTORS_PAGE=True,
        LOGOUT="auth0",
        TRUSTED_PROXIES=1,
        PHONE_REGION="DE",
        EVENTS=True,
        SIGN_INS=True,
        BACKCHANNEL_LOGOUT=True,
        TOKENS=True,
        SCOPE="openid profile email offline_access",
        AUDIENCE=DEFAULT_API,
        API_AUDIENCE=DEFAULT_API,
        NOTICES=["new_sign_in", "identity_added", "identity_removed", "recovery_code_used"],
    )
    language = "django.middleware.locale.LocaleMiddleware"
    place = settings.MIDDLEWARE.index(AUTHENTICATION) + 1
    first, last = settings.MIDDLEWARE[:place], settings.MIDDLEWARE[place:]
    settings.MIDDLEWARE = [*first[:2], language, *first[2:], SIGN_IN, *last]


@pytest.fixture(autouse=True)
def site_language() -> Iterator[None]:
    """The language of the last request stays on: the next test begins with the site's."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals would fill the log that pytest keeps of each test."""
    loggers = [logging.getLogger(name) for name in ("django", "django_pwdless", "urllib3")]
    events = logging.getLogger("django_pwdless.events")
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    # The witness alone listens to it.
    events.setLevel(logging.INFO)
    events.propagate = False
    yield
    events.setLevel(logging.NOTSET)
    events.propagate = True
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
def prepared(db: None, everything_on: None, tenant: LocalTenant) -> dict[str, Browser]:
    """A browser in each state that a session can be in."""
    browsers: dict[str, Browser] = {}
    for state in STATES:
        browsers[state] = in_state(state, tenant)
        cache.clear()
    return browsers
