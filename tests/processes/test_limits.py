"""Limits are exact, however many processes count: threats 17 and 18."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN, START, TOKEN

from .browser import Browser, at_once, people
from .conftest import Configure
from .site import Site

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

WRONG = "000000"
LIMIT, MORE = 10, 20
# A window of a month does not end while a test runs.
RATE = f"{LIMIT}/30d"
OFF: dict[str, dict[str, str | None]] = {
    "start": {"ip": None, "pair": None, "identifier": None},
    "verify": {"ip": None, "pending": None},
    "link": {"ip": None, "pair": None, "identifier": None},
    "mfa": {"ip": None, "pending": None},
    "redirect": {"ip": None},
}


@pytest.fixture
def browsers(site: Site, tenant: LocalTenant) -> list[Browser]:
    return people(site, tenant, LIMIT + MORE)


def only(action: str, key: str) -> dict[str, Any]:
    return {"RATE_LIMITS": {**OFF, action: {**OFF[action], key: RATE}}}


def each(browsers: list[Browser], step: Any) -> list[requests.Response]:
    """Have each of them take a step, some at a time."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(step, browsers))


def assert_exact(responses: list[requests.Response], passed: int) -> None:
    """Exactly as many as the limit says went through; the others were told to wait."""
    statuses = sorted(response.status_code for response in responses)
    assert statuses == [passed] * LIMIT + [429] * MORE
    limited = [response for response in responses if response.status_code == 429]
    assert all(1 <= int(response.headers["Retry-After"]) <= 3600 for response in limited)


@pytest.mark.parametrize("key", ["ip", "pair", "site"])
def test_messages(
    key: str, configure: Configure, browsers: list[Browser], tenant: LocalTenant
) -> None:
    configure(**only("start", key))
    for browser in browsers if key == "pair" else ():
        browser.identifier = ANN
    each(browsers, lambda browser: browser.get("login"))
    responses = at_once([browser.ask for browser in browsers])
    assert_exact(responses, 302)
    assert len(tenant.calls(START)) == LIMIT


def test_codes_from_one_address(
    configure: Configure, browsers: list[Browser], tenant: LocalTenant
) -> None:
    configure(**only("verify", "ip"))
    each(browsers, Browser.ask)
    responses = at_once([lambda b=b: b.answer(WRONG) for b in browsers])
    assert_exact(responses, 200)
    assert len(tenant.calls(TOKEN)) == LIMIT


def test_codes_for_one_login(configure: Configure, browser: Browser, tenant: LocalTenant) -> None:
    configure(**only("verify", "pending"))
    browser.ask()
    twins = [browser.twin() for _ in range(LIMIT + MORE)]
    responses = at_once([lambda twin=twin: twin.answer(WRONG) for twin in twins])
    assert_exact(responses, 200)
    assert len(tenant.calls(TOKEN)) == LIMIT


@pytest.mark.parametrize("key", ["ip", "pair", "identifier"])
def test_codes_of_a_stranger(
    key: str, configure: Configure, browsers: list[Browser], tenant: LocalTenant
) -> None:
    configure(**only("link", key))
    each(browsers, lambda browser: browser.get("login"))
    who = [browser.identifier if key == "ip" else ANN for browser in browsers]
    steps = [
        lambda b=b, name=name: b.post("link", identifier=name, code=WRONG)
        for b, name in zip(browsers, who, strict=True)
    ]
    responses = at_once(steps)
    assert_exact(responses, 200)
    assert len(tenant.calls(TOKEN)) == LIMIT


@pytest.mark.parametrize("key", ["ip", "pending"])
def test_codes_of_a_second_factor(
    key: str, configure: Configure, browser: Browser, tenant: LocalTenant
) -> None:
    configure(**only("mfa", key))
    tenant.add_person(ANN, factors=["otp"])
    browser.ask()
    browser.answer()
    before = len(tenant.calls(TOKEN))
    twins = [browser.twin() for _ in range(LIMIT + MORE)]
    responses = at_once(
        [lambda twin=twin: twin.post("mfa_challenge", code=WRONG) for twin in twins]
    )
    assert_exact(responses, 200)
    assert len(tenant.calls(TOKEN)) - before == LIMIT
