"""Somebody who is signed in, at a site where people manage their second factors."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from django_pwdless.testing import sign_in
from tests.journeys.browser import ANN, NUMBER
from tests.journeys.conftest import Configure

from .browser import FactorsBrowser, Own, paths


@pytest.fixture(autouse=True)
def factors_page(configure: Configure) -> None:
    configure(CUSTOMIZE_MFA=True, METHODS=["email-code", "universal"], FACTORS_PAGE=True)


@pytest.fixture
def browser(tenant: LocalTenant) -> FactorsBrowser:
    return FactorsBrowser(tenant)


@pytest.fixture
def signed_in(browser: FactorsBrowser, tenant: LocalTenant) -> Own:
    """Sign somebody in who has these factors, and whom the tenant asks for none at sign-in."""

    def signed_in(*factors: Any, **more: Any) -> FactorsBrowser:
        more.setdefault("mfa", None)
        sign_in(browser.client, ANN)
        browser.person = tenant.add_person(ANN, phone_number=NUMBER, factors=factors, **more)
        return browser

    return signed_in


@pytest.fixture
def proven(signed_in: Own) -> Own:
    """The same, after the step-up."""

    def proven(*factors: Any, **more: Any) -> FactorsBrowser:
        browser = signed_in(*factors, **more)
        browser.prove_now()
        browser.calls_before = len(paths(browser.tenant))
        return browser

    return proven
