"""One refresh for a person's sign-in, by whichever worker; workers that die with it (31, 52)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.db import connection
from django.utils import timezone

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.clients.api import DEFAULT_API
from django_pwdless.models import SignIn
from tests.journeys.browser import TOKEN
from tests.tokens.conftest import OFFLINE, REVOKE, before, refreshes

from .browser import Browser, at_once
from .conftest import MakeSite, settings_for
from .site import Site, kill, worker_of
from .waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

ALL = 100
KEEPS = {"SIGN_INS": True, "TOKENS": True, "SCOPE": OFFLINE, "AUDIENCE": DEFAULT_API}
THREADS = ["--worker-class", "gthread", "--threads", "8", "--keep-alive", "0"]
# What a database says of transactions that are open and do nothing.
OPEN = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
    "mysql": "SELECT count(*) FROM information_schema.innodb_trx AS trx "
    "JOIN information_schema.processlist AS process ON process.id = trx.trx_mysql_thread_id "
    "WHERE process.db = database() AND process.id <> connection_id()",
}


@pytest.fixture(scope="module")
def threaded_site(make_site: MakeSite) -> Site:
    return make_site(*THREADS, keys={})


@pytest.fixture(params=["processes", "threads"])
def due(
    request: pytest.FixtureRequest, site: Site, threaded_site: Site, tenant: LocalTenant
) -> Browser:
    """Somebody whose access token has expired, at a tenant that forgives nothing."""
    served = site if request.param == "processes" else threaded_site
    served.configure(**settings_for(tenant), **KEEPS)
    tenant.switches.refresh_leeway, tenant.switches.access_token_lifetime = 0, 1
    browser = Browser(served, tenant)
    browser.sign_in()
    signed_in_at = time.time()
    wait_until(lambda: time.time() > signed_in_at + 1, "the token has expired")
    tenant.switches.access_token_lifetime = 0
    return browser


def open_transactions() -> int:
    if connection.vendor not in OPEN:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(OPEN[connection.vendor])
        return int(cursor.fetchone()[0])


def test_a_hundred_requests_make_one_refresh(due: Browser) -> None:
    due.tenant.switches.latency = 0.5
    found: list[int] = []
    before(due.tenant, "find", lambda: found.append(open_transactions()))
    tabs = [due.twin() for _ in range(ALL)]
    answers = at_once([lambda tab=tab: tab.visit("/token/") for tab in tabs])
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(refreshes(due.tenant)) == 1 and found == [0]


def test_logout_while_another_worker_refreshes(due: Browser) -> None:
    due.tenant.switches.latency = 1
    tab = due.twin()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(due.visit, "/token/")
        wait_until(lambda: refreshes(due.tenant), "it refreshes")
        assert tab.post("logout").status_code == 302
    assert answer.result().status_code == 401 and not SignIn.objects.exists()
    newest = list(due.tenant.state.refresh_tokens._families)[-1]
    assert newest in [call.body["token"] for call in due.tenant.calls(REVOKE)]


@pytest.fixture
def bereft(
    request: pytest.FixtureRequest, site: Site, browser: Browser, tenant: LocalTenant
) -> Browser:
    """Somebody whose worker was killed with the lease of a refresh, which then ran out.

    The parameter tells whether Auth0 had answered: the rotated token was never committed.
    """
    site.configure(**settings_for(tenant), **KEEPS)
    tenant.switches.access_token_lifetime = 1
    browser.sign_in()
    tenant.switches.access_token_lifetime = 0
    tenant.fail(TOKEN, "timeout", times=1, after=request.param)
    chosen, *others = site.workers()
    with ThreadPoolExecutor(1) as pool:
        with site.without(*others):
            answer = pool.submit(browser.visit, "/token/")
            wait_until(lambda: refreshes(tenant), "it refreshes")
            wait_until(lambda: len(families(tenant)) == 1 + request.param, "it is done or not")
        kill(chosen)
        with pytest.raises(requests.ConnectionError):
            answer.result()
    assert SignIn.objects.update(refresh_until=timezone.now() - timedelta(seconds=1)) == 1
    return browser


def families(tenant: LocalTenant) -> dict[str, Any]:
    return tenant.state.refresh_tokens._families


@pytest.mark.parametrize(
    ("bereft", "leeway", "status"),
    [(False, 0, 200), (True, 60, 200), (True, 0, 401)],
    indirect=["bereft"],
)
def test_worker_killed_with_the_lease(bereft: Browser, leeway: int, status: int) -> None:
    """The next one tries once more, which is within the leeway or is reuse."""
    bereft.tenant.switches.refresh_leeway = leeway
    answer = bereft.visit("/token/")
    assert answer.status_code == status and worker_of(answer)
    assert len(refreshes(bereft.tenant)) == 2
    if status == 401:
        assert answer.json()["reason"] == "revoked" and not SignIn.objects.get().tokens
    else:
        assert bereft.visit("/token/").text == answer.text
