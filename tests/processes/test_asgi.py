"""The same site over ASGI, by uvicorn and by hypercorn: what people do most, and its seams."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.contrib.auth import get_user_model

from django_pwdless.headless.sessions.tokens import HEADER
from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.clients.api import DEFAULT_API
from django_pwdless.models import Identity, SignIn
from tests.journeys.browser import ANN, KEYS, START, TOKEN
from tests.journeys.hosted import log_in_hosted, press_mailed_link

from .browser import (
    CLICKS,
    SIGNED_IN,
    Browser,
    at_once,
    outcome,
    outcomes,
    page,
    people,
)
from .conftest import MakeSite, settings_for
from .redis_server import RedisServer
from .site import SERVERS, Site, worker_of

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

ON = {"SIGN_INS": True, "BACKCHANNEL_LOGOUT": True, "API_AUDIENCE": DEFAULT_API}


@pytest.fixture(scope="module", params=["uvicorn", "hypercorn"])
def asgi_site(request: pytest.FixtureRequest, make_site: MakeSite) -> Site:
    return make_site(keys={}, server=SERVERS[request.param])


@pytest.fixture
def site(
    asgi_site: Site, redis_server: RedisServer, tenant: LocalTenant, transactional_db: None
) -> Iterator[Site]:
    redis_server.revive()
    asgi_site.configure(**settings_for(tenant), **ON)
    before = len(asgi_site.log)
    yield asgi_site
    assert "Traceback" not in asgi_site.log[before:]


def test_code(browser: Browser) -> None:
    browser.ask()
    assert browser.answer("000000").status_code == 200
    assert outcome(browser.answer()) == SIGNED_IN
    assert browser.is_signed_in and SignIn.objects.count() == 1
    assert browser.post("logout").status_code == 302
    assert not browser.is_signed_in and not SignIn.objects.exists()


def test_link_and_universal_login(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask(method="email-link")
    assert outcome(browser.visit(press_mailed_link(tenant))) == SIGNED_IN
    address = browser.get("universal").headers["Location"]
    assert outcome(browser.visit(log_in_hosted(tenant, address))) == SIGNED_IN


def speak(site: Site, path: str, token: str, **members: Any) -> Any:
    """Send an operation as an app does."""
    headers = {"Host": "testserver", **({HEADER: token} if token else {})}
    with requests.Session() as session:
        session.trust_env = False
        return session.post(f"{site.url}/app/{path}", json=members, headers=headers, timeout=60)


def test_json(site: Site, tenant: LocalTenant) -> None:
    started = speak(site, "login/", "", identifier=ANN)
    assert started.json()["step"] == "code" and "Set-Cookie" not in started.headers
    code = str(tenant.inbox.latest(ANN).code)
    answer = speak(site, "login/code/", started.json()["session_token"], code=code)
    assert answer.json()["step"] == "signed_in"
    assert answer.headers["Cache-Control"] == "no-store, private"
    gone = speak(site, "logout/", started.json()["session_token"])
    assert gone.json()["outcome"] == "session_gone"


def test_push(browser: Browser, tenant: LocalTenant) -> None:
    tenant.add_person(ANN, factors=["push-notification"])
    browser.ask()
    browser.answer()
    tabs = [browser.twin() for _ in range(4)]
    polls = at_once(
        [lambda tab=tab: tab.post("mfa_poll", accept="application/json") for tab in tabs],
        least_workers=1,
    )
    assert {poll.json()["status"] for poll in polls} == {"pending"}
    assert len(tenant.calls(TOKEN)) <= 2


def call_api(site: Site, header: str) -> requests.Response:
    headers = {"Host": "testserver", "Authorization": header}
    return requests.get(f"{site.url}/called/", headers=headers, timeout=60)


def test_bearer(site: Site, tenant: LocalTenant, db: None) -> None:
    user = get_user_model().objects.create(username="ann")
    Identity.objects.create(user=user, issuer=tenant.issuer, subject="email|1")
    good = f"Bearer {tenant.access_token('email|1')}"
    answers = at_once([lambda: call_api(site, good)] * CLICKS, least_workers=1)
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, str(user.pk))}
    assert len(tenant.calls(KEYS)) == 1
    assert call_api(site, f"{good[:-4]}AAAA").status_code == 401
    assert call_api(site, f"Bearer {tenant.access_token('email|2')}").status_code == 403


def test_end_by_auth0(browser: Browser, site: Site, tenant: LocalTenant) -> None:
    browser.sign_in()
    identity = SignIn.objects.select_related("identity").get().identity
    assert identity is not None
    fields = {"logout_token": tenant.logout_token(identity.subject)}
    url, headers = site.url + page("backchannel_logout"), {"Host": "testserver"}
    assert requests.post(url, fields, headers=headers, timeout=60).status_code == 200
    assert not browser.is_signed_in


def test_one_of_many_clicks(browser: Browser, tenant: LocalTenant) -> None:
    browser.get("login")
    tabs = [browser.twin() for _ in range(CLICKS)]
    asked = at_once([tab.ask for tab in tabs], least_workers=1)
    assert outcomes(asked) == [(302, page("verify"))] * CLICKS
    assert len(tenant.calls(START)) == 1


def test_strangers_at_once(site: Site, tenant: LocalTenant) -> None:
    browsers = people(site, tenant, CLICKS)
    at_once([browser.ask for browser in browsers], least_workers=1)
    answered = at_once([browser.answer for browser in browsers], least_workers=1)
    assert outcomes(answered) == [SIGNED_IN] * CLICKS
    assert all(worker_of(answer) for answer in answered)
    assert get_user_model().objects.count() == CLICKS


def test_redis_is_killed(browser: Browser, redis_server: RedisServer, tenant: LocalTenant) -> None:
    browser.ask(next="/in/")
    redis_server.stop(signal.SIGKILL)
    assert outcome(browser.answer()) == (503, "")
    assert browser.get("verify").status_code == 200
    assert tenant.calls(TOKEN) == []
    redis_server.start()
    assert outcome(browser.answer()) == (302, "/in/")
