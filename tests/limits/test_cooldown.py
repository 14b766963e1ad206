"""Two clicks send one message: threat 33."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from django_pwdless.limits.cooldown import one_send, sent_by_another
from tests.clocks import stop_time
from tests.outages import OUTAGES


@pytest.fixture(autouse=True)
def clock(time_machine: Any, settings: Any) -> Any:
    settings.PWDLESS = {**settings.PWDLESS, "RESEND_COOLDOWN": 30}
    return stop_time(time_machine, settings)


@pytest.mark.parametrize(("cooldown", "wait"), [(30, 30), (1.5, 2), (1, 1), (0.2, 1), (0, 1)])
def test_wait_is_whole_seconds(cooldown: float, wait: int, settings: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "RESEND_COOLDOWN": cooldown}
    assert sent_by_another().retry_after == wait


def request_of(session: str | None = "a-session", cookie: str | None = None) -> HttpRequest:
    request = RequestFactory().post("/")
    request.session = SessionStore(session)
    if cookie:
        request.META["CSRF_COOKIE"] = cookie
    return request


def is_first(request: HttpRequest, what: str = "a message") -> bool:
    with one_send(request, what) as first:
        return first


@contextmanager
def failing() -> Iterator[None]:
    with pytest.raises(ConnectionError):
        yield


def test_first_click_sends() -> None:
    assert is_first(request_of())


def test_second_click_does_not() -> None:
    assert [is_first(request_of()) for _ in range(3)] == [True, False, False]


@pytest.mark.parametrize(("seconds", "again"), [(0, False), (29, False), (31, True)])
def test_same_message_is_first_again_after_the_cooldown(
    seconds: int, again: bool, clock: Any
) -> None:
    assert is_first(request_of())
    clock.shift(seconds)
    assert is_first(request_of()) is again


def test_without_a_cooldown_every_message_is_first(settings: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "RESEND_COOLDOWN": 0}
    assert all(is_first(request_of()) for _ in range(3))


def test_another_message_is_first() -> None:
    assert is_first(request_of())
    assert is_first(request_of(), "another message")


def test_another_browser_is_first() -> None:
    assert is_first(request_of("one"))
    assert is_first(request_of("two"))


def test_browser_without_session_is_known_by_its_csrf_cookie() -> None:
    assert is_first(request_of(None, cookie="one"))
    assert not is_first(request_of(None, cookie="one"))
    assert is_first(request_of(None, cookie="two"))


def test_browser_without_any_cookie_is_not_held_back() -> None:
    assert is_first(request_of(None))
    assert is_first(request_of(None))


def test_send_that_fails_may_be_tried_again() -> None:
    with failing(), one_send(request_of(), "a message"):
        raise ConnectionError
    assert is_first(request_of())


def test_failure_of_the_second_click_gives_nothing_back() -> None:
    assert is_first(request_of())
    with failing(), one_send(request_of(), "a message"):
        raise ConnectionError
    assert not is_first(request_of())


def test_clicks_at_once() -> None:
    with ThreadPoolExecutor(10) as pool:
        firsts = list(pool.map(lambda _: is_first(request_of()), range(30)))
    assert sum(firsts) == 1


@pytest.mark.parametrize("backend", OUTAGES)
def test_cache_down_leaves_it_to_the_limits(backend: str, settings: Any) -> None:
    # threat 22
    settings.CACHES = {"default": {"BACKEND": backend}}
    with failing(), one_send(request_of(), "a message") as first:
        assert first
        raise ConnectionError
