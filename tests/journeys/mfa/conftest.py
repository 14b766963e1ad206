"""Somebody whose first factor is proven."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN
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
