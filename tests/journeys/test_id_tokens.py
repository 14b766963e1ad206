"""ID tokens that must not be believed: threats 28, 29, 30, 32 and 38."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.token_faults import PROFILE_FAULTS
from django_pwdless.models import Identity

from .browser import KEYS, TOKEN, Browser, outcome
from .conftest import Configure, NewBrowser
from .hosted import press_mailed_link

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fault", sorted(PROFILE_FAULTS))
def test_address_that_is_not_verified(fault: str, browser: Browser, tenant: LocalTenant) -> None:
    # threat 1: only the JSON value true is a verified address.
    tenant.token_fault = fault
    assert browser.sign_in().status_code == 302 and browser.user_id
    assert get_user_model().objects.get().email == Identity.objects.get().email == ""


@pytest.mark.parametrize("keep_old", [True, False])
def test_rotated_key_is_fetched_at_once(
    keep_old: bool, came_in: Browser, tenant: LocalTenant, new_browser: NewBrowser
) -> None:
    # threat 30
    tenant.rotate_keys(keep_old=keep_old)
    other = new_browser()
    assert other.sign_in().status_code == 302 and other.user_id == came_in.user_id
    assert len(tenant.calls(KEYS)) == 2


def test_unknown_keys_make_one_fetch(
    came_in: Browser, tenant: LocalTenant, new_browser: NewBrowser
) -> None:
    # threat 30
    tenant.token_fault = "unknown_kid"
    for _ in range(4):
        assert outcome(new_browser().sign_in()) == (403, "refused")
    assert len(tenant.calls(KEYS)) == 2


def test_keys_outlive_an_outage(
    came_in: Browser, tenant: LocalTenant, new_browser: NewBrowser
) -> None:
    tenant.fail(KEYS, "server_error")
    assert new_browser().sign_in().status_code == 302


def test_keys_are_fresh_for_an_hour(
    clock: Any, came_in: Browser, tenant: LocalTenant, new_browser: NewBrowser
) -> None:
    clock.shift(3599)
    new_browser().sign_in()
    assert len(tenant.calls(KEYS)) == 1
    clock.shift(2)
    new_browser().sign_in()
    assert len(tenant.calls(KEYS)) == 2


def test_clock_that_is_a_little_off(half_way: Browser, tenant: LocalTenant) -> None:
    tenant.clock.advance(20)
    assert half_way.answer().status_code == 302 and half_way.user_id


def test_clock_that_is_far_off(half_way: Browser, tenant: LocalTenant) -> None:
    tenant.clock.advance(60)
    assert outcome(half_way.answer()) == (403, "refused")


def test_code_is_not_spent_while_the_keys_cannot_be_had(half_way: Browser, tenant: LocalTenant):
    """Nobody could read what it brings: no try is used up, and the same code works later."""
    tenant.fail(KEYS, "server_error")
    assert half_way.answer().status_code == 503
    assert not tenant.calls(TOKEN)
    tenant.recover()
    assert half_way.answer().status_code == 302 and half_way.user_id


def test_link_is_not_used_up_while_the_keys_cannot_be_had(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(METHODS=["email-link"])
    browser.ask()
    address = press_mailed_link(tenant)
    tenant.fail(KEYS, "server_error")
    assert browser.client.get(address).status_code == 503
    tenant.recover()
    assert browser.client.get(address).status_code == 302 and browser.user_id
