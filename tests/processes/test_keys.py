"""The tenant's keys, fetched by one process for all of them: threat 30."""

from __future__ import annotations

import pytest

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import KEYS

from .browser import SIGNED_IN, Browser, RoamingBrowser, at_once, outcome, outcomes, people
from .site import WORKERS, Site

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def half_way(site: Site, tenant: LocalTenant) -> list[Browser]:
    """As many people as there are workers, each with a code."""
    browsers = people(site, tenant, WORKERS)
    for browser in browsers:
        browser.ask()
    return browsers


def answer_at_once(browsers: list[Browser]) -> list[tuple[int, str]]:
    return outcomes(at_once([browser.answer for browser in browsers]))


def test_keys_are_fetched_once_for_all(
    roaming: RoamingBrowser, site: Site, tenant: LocalTenant
) -> None:
    for _ in range(WORKERS):
        assert outcome(roaming.sign_in()) == SIGNED_IN
    assert answer_at_once(half_way(site, tenant)) == [SIGNED_IN] * WORKERS
    assert len(tenant.calls(KEYS)) == 1


def test_keys_are_fetched_once_for_all_at_the_same_moment(site: Site, tenant: LocalTenant) -> None:
    browsers = half_way(site, tenant)
    assert answer_at_once(browsers) == [SIGNED_IN] * WORKERS
    assert len(tenant.calls(KEYS)) == 1


def test_rotated_key_is_fetched_once_for_all(site: Site, tenant: LocalTenant) -> None:
    assert answer_at_once(half_way(site, tenant)) == [SIGNED_IN] * WORKERS
    before = len(tenant.calls(KEYS))
    tenant.rotate_keys()
    assert answer_at_once(half_way(site, tenant)) == [SIGNED_IN] * WORKERS
    assert len(tenant.calls(KEYS)) - before == 1


def test_unknown_key_is_asked_about_once_by_all(site: Site, tenant: LocalTenant) -> None:
    assert answer_at_once(half_way(site, tenant)) == [SIGNED_IN] * WORKERS
    before = len(tenant.calls(KEYS))
    tenant.token_fault = "unknown_kid"
    for _ in range(2):
        assert answer_at_once(half_way(site, tenant)) == [(403, "")] * WORKERS
    assert len(tenant.calls(KEYS)) - before == 1


def test_keys_that_one_has_serve_all_while_there_is_no_answer(
    roaming: RoamingBrowser, site: Site, tenant: LocalTenant
) -> None:
    assert outcome(roaming.sign_in()) == SIGNED_IN
    tenant.fail(KEYS, "server_error")
    for _ in range(WORKERS):
        assert outcome(roaming.sign_in()) == SIGNED_IN
    assert answer_at_once(half_way(site, tenant)) == [SIGNED_IN] * WORKERS
    assert len(tenant.calls(KEYS)) == 1
