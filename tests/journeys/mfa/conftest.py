"""Somebody whose first factor is proven."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN, KEYS
from tests.journeys.conftest import Configure

from .browser import NUMBER, Begin, MFABrowser


@pytest.fixture(autouse=True)
def mfa(configure: Configure) -> None:
    configure(CUSTOMIZE_MFA=True, METHODS=["email-code", "email-link", "universal"])


@pytest.fixture
def browser(tenant: LocalTenant) -> MFABrowser:
    return MFABrowser(tenant)


@pytest.fixture
def begin(browser: MFABrowser, tenant: LocalTenant) -> Begin:
    """Prove the address of somebody with these factors; return the answer to that."""

    def begin(*factors: Any, next: str = "/in/", **more: Any) -> Any:
        browser.person = tenant.add_person(ANN, phone_number=NUMBER, factors=factors, **more)
        browser.ask(next=next)
        return browser.answer()

    return begin


@pytest.fixture
def lose_keys(tenant: LocalTenant, configure: Configure) -> Callable[[], None]:
    """Go on in a new process, beside an empty cache, while no keys are to be had."""

    def lose_keys() -> None:
        caches["default"].clear()
        configure()
        tenant.fail(KEYS, "server_error", times=1)

    return lose_keys
