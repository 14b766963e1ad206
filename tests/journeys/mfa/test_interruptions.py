"""Second factors that are asked for twice, end too late, or are left half-way."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN, BEN, outcome
from tests.journeys.conftest import NewBrowser

from .browser import HOME, Begin, MFABrowser, page

pytestmark = pytest.mark.django_db


def test_second_requirement_is_answered_with_its_own_token(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    """Threat 13: the second token is the one that counts."""
    begin("otp", "email", mfa_steps=2)
    browser.choose("totp")
    # The other factor is the only one left, so its code is on the way already.
    assert outcome(browser.prove(tenant.totp(browser.person))) == (302, page("mfa_challenge"))
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_expired_token_leads_to_the_start_with_the_address_kept(
    begin: Begin, browser: MFABrowser, clock: Any
) -> None:
    begin("otp")
    clock.shift(601)
    assert outcome(browser.prove("123456")) == (302, page("login") + "?next=/in/")
    again = browser.get("login", next="/in/")
    assert again.context["form"]["identifier"].value() == ANN


def test_aborted_second_factor_helps_nobody(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, new_browser: NewBrowser
) -> None:
    """Threat 9: the next person on this browser proves their own."""
    begin("otp")
    tenant.add_person(BEN, factors=["otp"])
    browser.ask(BEN)
    assert outcome(browser.get("mfa_challenge")) == (302, page("login"))
    browser.answer()
    assert browser.prove(tenant.totp(browser.person)).status_code == 200
    assert browser.user_id is None


def test_back_button_after_success(begin: Begin, browser: MFABrowser, tenant: LocalTenant) -> None:
    begin("otp")
    browser.prove(tenant.totp(browser.person))
    assert outcome(browser.get("mfa_challenge")) == (302, page("login"))
    assert outcome(browser.get("login")) == (302, HOME)


def test_aborted_second_factor_does_not_hinder_the_next_login(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    """Threat 9: the same address again at once gets a new code, not the old second step."""
    begin("otp")
    assert outcome(browser.ask()) == (302, page("verify"))
    assert len(tenant.calls("/passwordless/start")) == 2
