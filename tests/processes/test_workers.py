"""Workers end and begin while people sign in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import BEN, KEYS, START, TOKEN

from .browser import SIGNED_IN, Browser, at_once, outcome, outcomes, page, people
from .conftest import MakeSite, settings_for
from .site import WORKERS, Site, kill, wait_until_gone, worker_of
from .waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def test_worker_is_killed_between_two_steps(browser: Browser, tenant: LocalTenant) -> None:
    kill(worker_of(browser.ask()))
    assert outcome(browser.answer()) == SIGNED_IN
    assert browser.is_signed_in


@pytest.fixture(params=[TOKEN, KEYS])
def killed(
    request: pytest.FixtureRequest, site: Site, browser: Browser, tenant: LocalTenant
) -> str:
    """A worker is killed while it waits for the tenant at this path."""
    path: str = request.param
    tenant.fail(path, "timeout", times=1)
    browser.ask()
    chosen, *others = site.workers()
    with ThreadPoolExecutor(1) as pool:
        with site.without(*others):
            answer = pool.submit(browser.answer)
            wait_until(lambda: tenant.calls(path), f"{path} is asked for")
        kill(chosen)
        with pytest.raises(requests.ConnectionError):
            answer.result()
    return path


def test_worker_is_killed_while_it_waits(
    killed: str, site: Site, browser: Browser, tenant: LocalTenant
) -> None:
    if killed == KEYS:
        # Its code was spent.
        browser.ask(BEN)
    assert outcome(browser.answer()) == SIGNED_IN
    assert len(site.workers()) == WORKERS


def test_site_is_reloaded(site: Site, browser: Browser, tenant: LocalTenant) -> None:
    """Somebody is between two steps, somebody else in the middle of one."""
    between, within = browser, Browser(site, tenant)
    between.ask()
    within.ask(BEN)
    workers = site.workers()
    tenant.switches.latency = 1
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(within.answer)
        wait_until(lambda: tenant.calls(TOKEN), "the code is at the tenant")
        site.reload()
        assert outcome(answer.result()) == SIGNED_IN
    wait_until_gone(*workers)
    assert outcome(between.answer()) == SIGNED_IN
    assert within.is_signed_in and between.is_signed_in


PRELOADED = ["--preload", "--worker-class", "gthread", "--threads", "4", "--keep-alive", "0"]


def test_workers_are_forked_from_a_parent_that_fetches_keys(
    site: Site, make_site: MakeSite, tenant: LocalTenant
) -> None:
    tenant.fail(KEYS, "timeout", times=1)
    keys = {**settings_for(tenant), "TIMEOUT": [60, 60]}
    forked = make_site(*PRELOADED, keys=keys, environment={"SITE_PARENT_SENDS_TO": BEN})
    wait_until(lambda: tenant.calls(KEYS) and tenant.calls(START), "the parent has used the client")
    # Those that take their place are forked while it waits.
    kill(*forked.workers())
    browsers = people(forked, tenant, 2 * WORKERS)
    # One worker of many threads may be quick enough for all.
    asked = at_once([browser.ask for browser in browsers], least_workers=1)
    assert outcomes(asked) == [(302, page("verify"))] * len(browsers)
    answered = at_once([browser.answer for browser in browsers], least_workers=1)
    assert outcomes(answered) == [SIGNED_IN] * len(browsers)
    parents, *others = tenant.calls(START)
    assert parents.connection not in {call.connection for call in others}
    assert len(tenant.calls(KEYS)) == 2
