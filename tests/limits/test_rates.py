"""How often somebody may: threats 17 (limits that do not limit), 18, 19 and 22."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import caches
from django.test import RequestFactory

from django_pwdless.exceptions import LimitExceeded, LimitsUnavailable, PwdlessError
from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.limits.rates import consume
from tests.clocks import stop_time
from tests.outages import OUTAGES

ANN = Identifier("email", "ann@example.com")
BEN = Identifier("email", "ben@example.com")
HERE, THERE = "203.0.113.9", "203.0.113.10"

OFF = {
    "start": {"ip": None, "pair": None, "identifier": None, "site": None},
    "verify": {"ip": None, "pending": None},
    "link": {"ip": None, "pair": None, "identifier": None},
    "mfa": {"ip": None, "pending": None},
    "redirect": {"ip": None},
}

Limit = Callable[..., None]


@pytest.fixture
def limit(settings: Any) -> Limit:
    """Turn all limits off but those of one action."""

    def limit(action: str, **rates: str | None) -> None:
        limits = {**OFF, action: {**OFF[action], **rates}}
        settings.PWDLESS = {**settings.PWDLESS, "RATE_LIMITS": limits}

    return limit


@pytest.fixture(autouse=True)
def clock(time_machine: Any, settings: Any) -> Any:
    return stop_time(time_machine, settings)


def passes(
    action: str, *, address: str = HERE, identifier: Identifier | None = ANN, pending: str = "one"
) -> bool:
    """Whether one more is let through."""
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    try:
        consume(request, action, identifier=identifier, pending=pending)
    except LimitExceeded:
        return False
    return True


def count(action: str, **who: Any) -> int:
    """How many are let through before the first is not."""
    return next(number for number in range(100) if not passes(action, **who))


def refused(action: str, **who: Any) -> LimitExceeded:
    with pytest.raises(LimitExceeded) as caught:
        consume(RequestFactory().post("/", REMOTE_ADDR=HERE), action, **who)
    return caught.value


EACH = [
    ("start", "ip", {"address": THERE}),
    ("start", "pair", {"address": THERE}),
    ("start", "pair", {"identifier": BEN}),
    ("start", "identifier", {"identifier": BEN}),
    ("verify", "ip", {"address": THERE}),
    ("verify", "pending", {"pending": "another"}),
    ("link", "ip", {"address": THERE}),
    ("link", "pair", {"address": THERE}),
    ("link", "pair", {"identifier": BEN}),
    ("link", "identifier", {"identifier": BEN}),
    ("mfa", "ip", {"address": THERE}),
    ("mfa", "pending", {"pending": "another"}),
    ("redirect", "ip", {"address": THERE}),
]


@pytest.mark.parametrize(("action", "key", "somebody_else"), EACH)
def test_limit_is_reached(action: str, key: str, somebody_else: dict[str, Any], limit: Limit):
    limit(action, **{key: "3/h"})
    assert count(action) == 3
    assert count(action, **somebody_else) == 3


@pytest.mark.parametrize(("action", "key", "_else"), EACH)
@pytest.mark.parametrize(("rate", "seconds"), [("2/10s", 10), ("2/15m", 900), ("2/h", 3600)])
def test_limit_holds_for_its_window(
    action: str, key: str, _else: Any, rate: str, seconds: int, limit: Limit, clock: Any
) -> None:
    limit(action, **{key: rate})
    assert count(action) == 2
    wait = refused(action, identifier=ANN, pending="one").retry_after
    assert 1 <= wait <= seconds
    clock.shift(wait - 1)
    assert not passes(action)
    clock.shift(2)
    assert count(action) == 2


def test_limit_of_the_site_is_everybodys(limit: Limit) -> None:
    limit("start", site="3/h")
    assert count("start") == 3
    assert not passes("start", address=THERE, identifier=BEN)


def test_spent_budget_of_the_site_is_told_once(
    limit: Limit, caplog: pytest.LogCaptureFixture
) -> None:
    limit("start", site="2/h")
    assert sum(passes("start") for _ in range(6)) == 2
    levels = [it.levelname for it in caplog.records if it.name == "django_pwdless"]
    assert levels == ["ERROR"]


def message(authenticator: str = "sms|dev_1", address: str = HERE) -> bool:
    """Whether one more message of a second factor is let through."""
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    try:
        consume(request, "start", authenticator=authenticator)
    except LimitExceeded:
        return False
    return True


@pytest.mark.parametrize(
    ("rates", "somebody_else"),
    [
        ({"ip": "3/h"}, {"address": THERE}),
        ({"identifier": "3/h"}, {"authenticator": "sms|dev_2"}),
    ],
)
def test_messages_of_second_factors(rates: Any, somebody_else: Any, limit: Limit) -> None:
    limit("start", **rates)
    assert [message() for _ in range(4)] == [True] * 3 + [False]
    assert message(**somebody_else)


def test_messages_of_second_factors_count_for_the_site(limit: Limit) -> None:
    limit("start", site="3/h")
    assert [message(str(number)) for number in range(4)] == [True] * 3 + [False]
    assert not passes("start")


def test_messages_of_second_factors_have_no_pair(limit: Limit) -> None:
    """The authenticator is of somebody who has proven their address: nobody locks them out."""
    limit("start", pair="1/h")
    assert all(message() for _ in range(50))


def test_limit_that_is_off_lets_everybody_through(limit: Limit) -> None:
    limit("start")
    assert all(passes("start") for _ in range(50))


def test_limit_of_nothing(limit: Limit) -> None:
    limit("start", ip="0/h")
    assert not passes("start")


@pytest.mark.parametrize(
    ("action", "who", "expected"),
    [("start", {}, 6), ("verify", {}, 10), ("link", {}, 2), ("mfa", {}, 10), ("redirect", {}, 60)],
)
def test_default_limits_are_as_documented(
    action: str, who: Any, expected: int, settings: Any
) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "RATE_LIMITS": {}}
    assert count(action, **who) == expected


def test_limits_are_merged_one_by_one(settings: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "RATE_LIMITS": {"start": {"pair": None}}}
    assert count("start") == 20


def test_actions_count_apart(limit: Limit, settings: Any) -> None:
    one = {"ip": "2/h"}
    limits = {action: {**rates, **one} for action, rates in OFF.items()}
    settings.PWDLESS = {**settings.PWDLESS, "RATE_LIMITS": limits}
    assert [count(action) for action in OFF] == [2] * len(OFF)


def test_two_windows_count_apart(limit: Limit, clock: Any) -> None:
    """Of a short and a long window each holds: style.md's allauth case."""
    limit("start", ip="20/h", pair="5/m")
    let_through = 0
    for _ in range(30):
        let_through += passes("start")
        clock.shift(61)
    assert let_through == 20


@pytest.mark.parametrize(
    ("stopped_by", "spared"),
    [
        ("ip", ["pair", "identifier", "site"]),
        ("pair", ["identifier", "site"]),
        ("identifier", ["site"]),
    ],
)
def test_stopped_address_uses_up_nobody_elses_budget(
    stopped_by: str, spared: list[str], limit: Limit
) -> None:
    # threat 19: a stranger's attempts must not lock out the person they are made against.
    limit("start", **{stopped_by: "1/h"}, **dict.fromkeys(spared, "3/h"))
    assert sum(passes("start") for _ in range(50)) == 1
    limit("start", **dict.fromkeys(spared, "3/h"))
    assert count("start") == 2


def test_stopped_address_uses_up_no_pending_login(limit: Limit) -> None:
    limit("verify", ip="1/h", pending="3/h")
    assert sum(passes("verify") for _ in range(50)) == 1
    limit("verify", pending="3/h")
    assert count("verify", address=THERE) == 2


@pytest.mark.parametrize("address", ["", "unknown"])
def test_unreadable_address_is_no_shared_bucket(address: str, limit: Limit) -> None:
    # threat 18: everybody behind one proxy locked out together.
    limit("start", ip="1/h", pair="1/h", identifier="5/h")
    assert count("start", address=address) == 5


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
    ],
)
def test_addresses_of_one_person(first: str, second: str, together: bool, limit: Limit) -> None:
    limit("start", ip="1/h")
    assert passes("start", address=first)
    assert passes("start", address=second) is not together


@pytest.mark.parametrize("other", ["ANN@example.com", "Ann@example.com", "ann@ｅｘａｍｐｌｅ.com"])
def test_spellings_of_one_address_count_together(other: str, limit: Limit) -> None:
    # threat 3: look-alikes with keys of their own.
    limit("start", identifier="1/h")
    assert passes("start")
    assert not passes("start", identifier=Identifier("email", other))


def test_keys_do_not_hold_what_they_count(limit: Limit) -> None:
    limit("start", ip="9/h", pair="9/h", identifier="9/h")
    passes("start")
    keys = " ".join(caches["default"]._cache)  # type: ignore[attr-defined]
    assert keys.count("rl:") == 3
    assert "ann" not in keys and HERE not in keys


@pytest.mark.parametrize("key", ["ip", "pair", "identifier", "site"])
def test_limit_is_exact_under_concurrency(key: str, limit: Limit) -> None:
    limit("start", **{key: "20/h"})
    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(lambda _: passes("start"), range(60)))
    assert sum(results) == 20


def test_wait_is_an_hour_at_most(limit: Limit) -> None:
    limit("start", ip="1/d")
    assert passes("start")
    assert 1 <= refused("start", identifier=ANN).retry_after <= 3600


def test_limits_are_off_where_django_ratelimit_is(limit: Limit, settings: Any) -> None:
    limit("start", ip="1/h")
    settings.RATELIMIT_ENABLE = False
    assert all(passes("start") for _ in range(5))


def test_limits_live_in_the_cache_that_django_ratelimit_names(limit: Limit, settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": OUTAGES[0]},
        "limits": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "x"},
    }
    settings.RATELIMIT_USE_CACHE = "limits"
    limit("start", ip="1/h")
    assert count("start") == 1


@pytest.fixture(params=OUTAGES)
def outage(request: pytest.FixtureRequest, settings: Any) -> None:
    """Threat 22: the cache is down."""
    settings.CACHES = {"default": {"BACKEND": request.param}}


def outcome(**keys: Any) -> type[PwdlessError] | None:
    try:
        consume(RequestFactory().post("/"), "start", identifier=ANN)
    except PwdlessError as error:
        return type(error)
    return None


@pytest.mark.usefixtures("outage")
def test_consume_with_the_cache_down_refuses(caplog: pytest.LogCaptureFixture) -> None:
    assert outcome() is LimitsUnavailable
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.usefixtures("outage")
def test_cache_down_refuses_whatever_django_ratelimit_is_told(settings: Any) -> None:
    settings.RATELIMIT_FAIL_OPEN = True
    assert outcome() is LimitsUnavailable


@pytest.mark.usefixtures("outage")
def test_consume_with_the_cache_down_lets_through_where_the_site_wants(settings: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "RATE_LIMIT_FAIL_OPEN": True}
    assert outcome() is None


@pytest.mark.usefixtures("outage")
def test_cache_down_without_limits(limit: Limit) -> None:
    limit("start")
    assert outcome() is None
