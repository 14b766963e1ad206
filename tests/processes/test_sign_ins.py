"""A sign-in ended by one worker is over in all of them, with Redis and without: threat 51."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from django.contrib.auth import get_user_model

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import SignIn
from django_pwdless.sign_ins import end

from .browser import Browser, RoamingBrowser, at_once
from .conftest import Configure
from .redis_server import RedisServer
from .site import WORKERS, Site, worker_of

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

TOKENS = 40


@pytest.fixture(autouse=True)
def watched(configure: Configure) -> None:
    configure(SIGN_INS=True, BACKCHANNEL_LOGOUT=True)


@pytest.fixture
def settings_of_workers(settings: Any, redis_server: RedisServer) -> None:
    """This process shares their cache, as a shell or another worker does."""
    settings.PWDLESS = {**settings.PWDLESS, "SIGN_INS": True}
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_server.url,
        }
    }


def seen_by_all(browser: RoamingBrowser) -> set[bool]:
    """Ask each worker in turn whether the browser is signed in."""
    return {browser.is_signed_in for _ in range(WORKERS)}


def twin_of(browser: Browser, site: Site, tenant: LocalTenant) -> RoamingBrowser:
    other = RoamingBrowser(site, tenant)
    other.cookies = browser.cookies.copy()
    return other


def test_ending_counts_in_every_worker(
    roaming: RoamingBrowser, browser: Browser, site: Site, tenant: LocalTenant
) -> None:
    roaming.sign_in()
    assert seen_by_all(roaming) == {True}
    browser.sign_in()
    assert browser.post("sign_ins_end_others").status_code == 302
    assert seen_by_all(twin_of(roaming, site, tenant)) == {False}
    assert browser.is_signed_in


def test_ending_from_outside_counts_in_every_worker(
    roaming: RoamingBrowser, settings_of_workers: None
) -> None:
    roaming.sign_in()
    assert seen_by_all(roaming) == {True}
    assert end(get_user_model().objects.get()) == 1
    assert seen_by_all(roaming) == {False}


def test_without_redis_every_worker_asks_the_database(
    roaming: RoamingBrowser, redis_server: RedisServer
) -> None:
    roaming.sign_in()
    redis_server.stop()
    assert seen_by_all(roaming) == {True}
    SignIn.objects.all().delete()
    assert seen_by_all(roaming) == {False}


def test_logouts_at_once(browser: Browser) -> None:
    browser.sign_in()
    tabs = [browser.twin() for _ in range(8)]
    answers = at_once([lambda tab=tab: tab.post("logout") for tab in tabs])
    assert {answer.status_code for answer in answers} <= {302, 400}
    assert not browser.is_signed_in and not SignIn.objects.exists()


def test_many_logout_tokens_at_once(browser: Browser, tenant: LocalTenant, site: Site) -> None:
    browser.sign_in()
    subject = SignIn.objects.select_related("identity").get().identity
    assert subject is not None
    tokens = [tenant.logout_token(subject.subject) for _ in range(TOKENS)]

    def send(token: str) -> requests.Response:
        url = f"{site.url}/accounts/backchannel-logout/"
        return requests.post(
            url, {"logout_token": token}, headers={"Host": "testserver"}, timeout=60
        )

    answers = at_once([lambda token=token: send(token) for token in tokens])
    assert {answer.status_code for answer in answers} == {200}
    assert len({worker_of(answer) for answer in answers}) > 1
    assert not browser.is_signed_in
