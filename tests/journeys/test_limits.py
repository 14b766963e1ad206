"""Limits on the way: threats 17, 18, 19 and 22, as a person, or a stranger, meets them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from tests.outages import DOWN, OUTAGES, CountingCache

from .browser import ANN, BEN, START, TOKEN, Browser, outcome, sent, tried
from .conftest import Configure, NewBrowser

pytestmark = pytest.mark.django_db

RATE_LIMITED = (429, "rate_limited")
UNAVAILABLE = (503, "unavailable")

OFF = {
    "start": {"ip": None, "pair": None, "identifier": None, "site": None},
    "verify": {"ip": None, "pending": None},
}

Limit = Callable[..., None]


@pytest.fixture
def limit(configure: Configure) -> Limit:
    """Turn off all limits but those of one action, and the cooldown with them."""

    def limit(action: str, **rates: str | None) -> None:
        limits = {**OFF, action: {**OFF[action], **rates}}
        configure(RATE_LIMITS=limits, RESEND_COOLDOWN=0)

    return limit


def count(click: Callable[[], Any]) -> int:
    """How often it works before the limit is reached."""
    statuses = [click().status_code for _ in range(15)]
    assert sorted(statuses) == statuses
    return 15 - statuses.count(429)


@pytest.mark.parametrize("key", ["ip", "pair", "identifier", "site"])
def test_limit_of_messages(key: str, limit: Limit, new_browser: NewBrowser, tenant: LocalTenant):
    limit("start", **{key: "4/h"})
    assert count(lambda: new_browser().ask()) == 4
    assert sent(tenant) == 4


@pytest.mark.parametrize("key", ["ip", "pair", "identifier", "site"])
def test_limit_of_messages_counts_those_sent_again(
    key: str, limit: Limit, half_way: Browser, tenant: LocalTenant
) -> None:
    limit("start", **{key: "4/h"})
    assert count(lambda: half_way.post("resend")) == 4
    assert sent(tenant) == 5
    assert half_way.answer().status_code == 302 and half_way.user_id


@pytest.mark.parametrize("key", ["ip", "pending"])
def test_limit_of_codes(key: str, limit: Limit, half_way: Browser, tenant: LocalTenant) -> None:
    limit("verify", **{key: "4/h"})
    wrong = half_way.wrong_code
    assert count(lambda: half_way.answer(wrong)) == 4
    assert tried(tenant) == 4


def test_limit_of_codes_there_and_back_again(
    limit: Limit, configure: Configure, browser: Browser, tenant: LocalTenant
) -> None:
    """To ask for another address, and again for the first, sends nothing and gives no new tries."""
    limit("verify", pending="4/h")
    configure(RESEND_COOLDOWN=30)
    browser.get("login")
    for address in (BEN, ANN, BEN, ANN):
        browser.ask(address)
    messages = sent(tenant)

    def guess() -> Any:
        browser.ask(BEN)
        browser.ask(ANN)
        return browser.answer("000000")

    assert count(guess) == 4
    assert sent(tenant) == messages


@pytest.mark.parametrize("action", ["start", "verify"])
def test_limit_is_over_after_its_window(
    action: str, limit: Limit, clock: Any, half_way: Browser, tenant: LocalTenant
) -> None:
    limit(action, ip="1/15m")
    name = "login" if action == "start" else "verify"
    click = lambda: half_way.post(name, identifier=ANN, code="000000")  # noqa: E731
    assert count(click) == 1
    clock.shift(int(click()["Retry-After"]) - 1)
    assert outcome(click()) == RATE_LIMITED
    half_way.post("resend")
    clock.shift(2)
    assert click().status_code != 429


@pytest.mark.parametrize("action", ["start", "verify"])
def test_answer_over_the_limit(action: str, limit: Limit, half_way: Browser) -> None:
    limit(action, ip="0/h")
    response = half_way.post("resend") if action == "start" else half_way.answer()
    assert outcome(response) == RATE_LIMITED
    assert 1 <= int(response["Retry-After"]) <= 3600
    assert response.context["retry_after"] == int(response["Retry-After"])
    assert response.context["retry_url"] == reverse("pwdless:verify")
    assert "Try again in" in response.content.decode()
    limit(action)
    assert half_way.answer().status_code == 302 and half_way.user_id


def test_target_is_kept_over_the_limit(limit: Limit, browser: Browser) -> None:
    limit("start", ip="0/h")
    retry_url = browser.ask(next="/in/").context["retry_url"]
    assert browser.client.get(retry_url).context["next"] == "/in/"


def test_login_that_was_begun_is_kept_over_the_limit(limit: Limit, half_way: Browser) -> None:
    code = half_way.code
    limit("start", ip="0/h")
    assert outcome(half_way.ask(BEN)) == RATE_LIMITED
    assert half_way.answer(code).status_code == 302 and half_way.user_id


def test_success_clears_no_limit(limit: Limit, browser: Browser) -> None:
    limit("verify", ip="3/h")
    for _ in range(3):
        assert browser.sign_in().status_code == 302 and browser.user_id
    browser.ask()
    assert outcome(browser.answer()) == RATE_LIMITED


def test_double_click_uses_up_nothing(limit: Limit, configure: Configure, browser: Browser):
    limit("start", ip="2/h")
    configure(RESEND_COOLDOWN=30)
    for _ in range(5):
        assert browser.ask().status_code == 302
    assert browser.ask(BEN).status_code == 302


@pytest.mark.parametrize("code", ["", "1", "12345x", "1234567", "½½½½½½"])
def test_code_of_the_wrong_shape_uses_up_nothing(
    code: str, limit: Limit, half_way: Browser
) -> None:
    limit("verify", ip="1/h", pending="1/h")
    for _ in range(3):
        assert half_way.answer(code).status_code == 200
    assert half_way.answer().status_code == 302 and half_way.user_id


def test_malformed_address_uses_up_nothing(limit: Limit, browser: Browser) -> None:
    limit("start", ip="1/h", site="1/h")
    for address in ("", "ann", "ann@", "+49151234567"):
        assert browser.ask(address).status_code == 200
    assert browser.ask().status_code == 302


def test_stranger_does_not_lock_a_person_out(limit: Limit, new_browser: NewBrowser) -> None:
    # threat 19
    limit("start", pair="2/h", identifier="4/h")
    stranger = new_browser(REMOTE_ADDR="203.0.113.66")
    assert count(stranger.ask) == 2
    ann = new_browser(REMOTE_ADDR="203.0.113.9")
    assert ann.sign_in().status_code == 302 and ann.user_id


def test_tries_of_a_stranger_are_not_a_persons(
    limit: Limit, half_way: Browser, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    # threat 19: a stranger's pending login is not that of the person.
    limit("verify", pending="2/h")
    stranger = new_browser()
    stranger.ask()
    assert count(lambda: stranger.answer("000000")) == 2
    half_way.ask()
    assert half_way.answer().status_code == 302 and half_way.user_id


def test_other_spelling_is_no_way_round(limit: Limit, new_browser: NewBrowser) -> None:
    # threat 3
    limit("start", identifier="2/h")
    spellings = ["ann@example.com", "ANN@example.com", "Ann@ｅｘａｍｐｌｅ.com", "aNN@EXAMPLE.com"]
    answers = [new_browser().ask(spelling).status_code for spelling in spellings]
    assert answers == [302, 302, 429, 429]


@pytest.mark.parametrize(
    ("addresses", "statuses"),
    [
        (["203.0.113.1", "203.0.113.2", "203.0.113.1"], [302, 302, 429]),
        (["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"], [302, 429, 302]),
        (["203.0.113.1", "::ffff:203.0.113.1"], [302, 429]),
        (["", "", "unix:"], [302, 302, 302]),
    ],
)
def test_limits_count_people_by_their_addresses(
    addresses: list[str], statuses: list[int], limit: Limit, new_browser: NewBrowser
) -> None:
    # threat 18
    limit("start", ip="1/h", pair="1/h")
    answers = [new_browser(REMOTE_ADDR=address).ask() for address in addresses]
    assert [answer.status_code for answer in answers] == statuses


@pytest.mark.parametrize(
    ("hops", "headers", "statuses"),
    [
        # A header that nobody of ours wrote is not looked at.
        (0, ["203.0.113.1", "203.0.113.2"], [302, 429]),
        (1, ["203.0.113.1", "203.0.113.2"], [302, 302]),
        (1, ["6.6.6.6, 203.0.113.1", "7.7.7.7, 203.0.113.1"], [302, 429]),
        (2, ["203.0.113.1, 10.0.0.1", "203.0.113.2, 10.0.0.1"], [302, 302]),
        (2, ["203.0.113.1", "203.0.113.2"], [302, 429]),
    ],
)
def test_addresses_behind_proxies(
    hops: int,
    headers: list[str],
    statuses: list[int],
    limit: Limit,
    configure: Configure,
    new_browser: NewBrowser,
) -> None:
    # threat 18
    limit("start", ip="1/h")
    configure(TRUSTED_PROXIES=hops)
    answers = [new_browser(HTTP_X_FORWARDED_FOR=header).ask() for header in headers]
    assert [answer.status_code for answer in answers] == statuses


def test_limits_are_off_with_django_ratelimit(
    limit: Limit, half_way: Browser, settings: Any
) -> None:
    limit("start", ip="0/h")
    settings.RATELIMIT_ENABLE = False
    assert half_way.post("resend").status_code == 302


@pytest.fixture
def sessions_in_cache(settings: Any) -> None:
    """Threads do not queue for one SQLite file."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


@pytest.mark.usefixtures("sessions_in_cache")
@pytest.mark.parametrize("key", ["ip", "pair", "identifier", "site"])
def test_messages_at_once(
    key: str, limit: Limit, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    # threat 17: a limit that is not atomic
    limit("start", **{key: "10/h"})
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: new_browser().ask().status_code, range(30)))
    assert sorted(answers) == [302] * 10 + [429] * 20
    assert sent(tenant) == 10


@pytest.mark.usefixtures("sessions_in_cache")
@pytest.mark.parametrize("key", ["ip", "pending"])
def test_codes_at_once(
    key: str, limit: Limit, browser: Browser, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    limit("verify", **{key: "10/h"})
    browser.ask()
    tenant.switches.brute_force_limit = 0

    def guess(number: int) -> int:
        click = new_browser()
        click.client.cookies["sessionid"] = str(browser.session_key)
        return int(click.answer(f"{number:06}").status_code)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(30)))
    assert answers.count(429) == 20
    assert tried(tenant) == 10


@pytest.fixture(params=OUTAGES)
def outage(request: pytest.FixtureRequest, half_way: Browser, settings: Any) -> None:
    """Threat 22: the cache is down, and the sessions are elsewhere."""
    settings.CACHES = {"default": {"BACKEND": request.param}}


@pytest.mark.usefixtures("outage")
@pytest.mark.parametrize("name", ["login", "resend", "verify"])
def test_cache_down_refuses(
    name: str,
    configure: Configure,
    half_way: Browser,
    tenant: LocalTenant,
    caplog: pytest.LogCaptureFixture,
) -> None:
    configure(RESEND_COOLDOWN=0)
    calls = len(tenant.requests)
    response = half_way.post(name, identifier=ANN, code=half_way.code)
    assert outcome(response) == UNAVAILABLE
    assert len(tenant.requests) == calls
    assert half_way.is_asked_for_code
    assert any(record.levelname == "ERROR" for record in caplog.records)
    assert DOWN not in caplog.text + response.content.decode()


@pytest.mark.usefixtures("outage")
def test_cache_down_lets_through_where_the_site_wants(
    configure: Configure, half_way: Browser, tenant: LocalTenant
) -> None:
    configure(RATE_LIMIT_FAIL_OPEN=True, RESEND_COOLDOWN=0)
    assert half_way.post("resend").status_code == 302
    assert half_way.ask().status_code == 302
    assert half_way.answer(half_way.wrong_code).status_code == 200
    assert half_way.answer().status_code == 302 and half_way.user_id
    assert sent(tenant) == 3


@pytest.mark.usefixtures("outage")
@pytest.mark.parametrize("name", ["login", "verify", "logged_out"])
def test_cache_down_and_a_page_to_look_at(name: str, half_way: Browser) -> None:
    assert half_way.get(name).status_code == 200


@pytest.mark.usefixtures("outage")
def test_cache_down_and_a_double_click(half_way: Browser, tenant: LocalTenant) -> None:
    assert half_way.ask().status_code == 302
    assert sent(tenant) == 1


@pytest.mark.parametrize("backend", OUTAGES)
def test_login_under_way_goes_on_after_the_outage(
    backend: str, half_way: Browser, settings: Any
) -> None:
    working = settings.CACHES
    settings.CACHES = {"default": {"BACKEND": backend}}
    assert outcome(half_way.answer()) == UNAVAILABLE
    settings.CACHES = working
    assert half_way.answer().status_code == 302 and half_way.user_id


def test_default_limits_hold_for_messages_and_codes(
    half_way: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(RESEND_COOLDOWN=0)
    for _ in range(5):
        assert half_way.post("resend").status_code == 302
    assert outcome(half_way.post("resend")) == RATE_LIMITED
    for _ in range(10):
        assert half_way.answer("000000").status_code == 200
    assert outcome(half_way.answer()) == RATE_LIMITED
    assert (len(tenant.calls(START)), len(tenant.calls(TOKEN))) == (6, 10)


@pytest.fixture
def counting(settings: Any) -> list[str]:
    """What a cache that is down is asked."""
    path = f"{CountingCache.__module__}.{CountingCache.__name__}"
    settings.CACHES = {"default": {"BACKEND": path}}
    CountingCache.asked.clear()
    return CountingCache.asked


@pytest.mark.parametrize("fails_open", [True, False])
def test_cache_that_is_down_is_asked_once_a_request(
    fails_open: bool,
    configure: Configure,
    half_way: Browser,
    counting: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One that accepts connections and says nothing costs its time-out each time."""
    configure(RATE_LIMIT_FAIL_OPEN=fails_open, RESEND_COOLDOWN=0.001)
    code = half_way.code
    steps: list[Callable[[], Any]] = [
        *(lambda: half_way.ask(BEN), lambda: half_way.ask(ANN), lambda: half_way.post("resend")),
        *(lambda: half_way.answer("000000"), lambda: half_way.get("verify")),
        lambda: half_way.answer(half_way.code if fails_open else code),
    ]
    for step in steps:
        counting.clear()
        caplog.clear()
        step()
        assert len(counting) <= 1
        assert len([line for line in caplog.messages if "does not answer" in line]) <= 1
    assert bool(half_way.user_id) is fails_open
