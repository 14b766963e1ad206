"""What a slower request may not bring back: threat 51."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.urls import reverse

from django_pwdless.models import Identity, SignIn
from django_pwdless.sign_ins import end
from tests.journeys.browser import ANN, BEN, Browser
from tests.journeys.conftest import Configure, NewBrowser
from tests.journeys.test_session_races import (
    Step,
    adding,
    confirming,
    confirming_by_universal_login,
    confirming_with_a_second_step,
    twin,
)
from tests.meanwhile import at_once, closing, meanwhile

from . import urls

pytestmark = pytest.mark.django_db(transaction=True)

ENGINES = ["db", "cached_db", "cache", "file"]


@pytest.fixture
def slow() -> Iterator[Callable[[Browser, Callable[[], Any]], Any]]:
    """Do something while a slow page of a browser has looked at its user; return its answer."""
    urls.arrived.clear()
    urls.may_go_on.clear()
    with ThreadPoolExecutor(1) as pool:

        def slowly(browser: Browser, step: Callable[[], Any]) -> Any:
            late = pool.submit(closing, lambda: browser.client.get("/slow/"))
            assert urls.arrived.wait(10)
            try:
                step()
            finally:
                urls.may_go_on.set()
            return late.result()

        yield slowly


def end_all() -> None:
    assert end(get_user_model().objects.get()) == 1


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "not seen"])
def test_slow_request_brings_nothing_back(
    is_seen: bool, engine: str, browser: Browser, settings: Any, slow: Any
) -> None:
    """Whether or not a request in between has flushed the session already."""
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    browser.sign_in()
    other, key = twin(browser), browser.session_key

    def end_and_look() -> None:
        end_all()
        if is_seen:
            assert other.client.get("/who/").text == ""

    answer = slow(browser, end_and_look)
    assert answer.status_code in (200, 400)
    store = type(browser.client.session)
    assert key and not store().exists(key)
    assert other.client.get("/who/").text == "" == browser.client.get("/who/").text
    assert not SignIn.objects.exists()


def test_slow_request_of_somebody_who_stays(signed_in: Browser, slow: Any) -> None:
    assert slow(signed_in, lambda: None).text
    assert signed_in.client.session["basket"] == "full" and signed_in.user_id


@pytest.mark.parametrize(
    "prepare",
    [confirming, confirming_by_universal_login, adding, confirming_with_a_second_step],
    ids=lambda prepare: prepare.__name__,
)
def test_confirmation_does_not_outlive_the_ending(
    prepare: Callable[[Browser], Step], browser: Browser, configure: Configure
) -> None:
    configure(CUSTOMIZE_MFA=True, METHODS=["email-code", "universal"])
    browser.sign_in()
    answer = meanwhile(browser.tenant, prepare(browser), end_all)
    assert answer.status_code == 302
    assert browser.client.get("/who/").text == ""
    assert not SignIn.objects.exists()
    assert not Identity.objects.filter(email=BEN).exists()


def test_ending_during_a_login_leaves_the_login(browser: Browser) -> None:
    """It has not begun yet, so there is nothing of it to end."""
    browser.sign_in(), browser.post("logout")
    browser.ask()
    code, ended = browser.code, []

    def end_none() -> None:
        ended.append(end(get_user_model().objects.get()))

    meanwhile(browser.tenant, lambda: browser.answer(code), end_none)
    assert ended == [0]
    assert browser.client.get("/who/").text and SignIn.objects.count() == 1


def test_two_logouts_at_once(signed_in: Browser) -> None:
    tabs = [signed_in, twin(signed_in)]
    answers = at_once(*(partial(tab.post, "logout") for tab in tabs))
    assert all(answer.status_code in (302, 400) for answer in answers)
    assert not SignIn.objects.exists() and signed_in.client.get("/who/").text == ""


def test_requests_of_a_session_from_before_make_one_row(settings: Any, browser: Browser) -> None:
    on, settings.PWDLESS = settings.PWDLESS, {**settings.PWDLESS, "SIGN_INS": False}
    browser.sign_in()
    settings.PWDLESS = on
    tabs = [twin(browser) for _ in range(4)]
    answers = at_once(*(partial(tab.client.get, "/who/") for tab in tabs))
    assert all(answer.text for answer in answers)
    assert SignIn.objects.count() == 1
    assert browser.client.get("/who/").text and SignIn.objects.count() == 1


def refuse_changes(execute: Any, sql: str, *arguments: Any) -> Any:
    """As a database that only reads."""
    if sql.startswith(("INSERT", "UPDATE", "DELETE")):
        raise OperationalError("cannot execute in a read-only transaction")
    return execute(sql, *arguments)


@pytest.fixture
def cached(settings: Any) -> None:
    """Sessions that need no database."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


def test_read_only_database_keeps_people_signed_in(
    clock: Any, cached: None, browser: Browser
) -> None:
    browser.sign_in()
    clock.shift(4000)
    with connection.execute_wrapper(refuse_changes):
        for page in ("/who/", "/fill/", "/awaited-who/"):
            assert browser.client.get(page).status_code == 200
        assert browser.client.get("/who/").text


def test_read_only_database_lets_people_sign_out(cached: None, browser: Browser) -> None:
    browser.sign_in()
    with connection.execute_wrapper(refuse_changes):
        assert browser.post("logout").status_code == 302
        assert browser.client.get("/who/").text == ""


@pytest.mark.parametrize("engine", ["db", "cache"])
def test_read_only_database_keeps_ended_people_out(
    engine: str, browser: Browser, settings: Any
) -> None:
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    browser.sign_in()
    end_all()
    with connection.execute_wrapper(refuse_changes):
        answer = browser.client.get("/who/")
        assert (answer.status_code, answer.text) == (200, "")


def test_read_only_database_makes_no_row_for_a_session_from_before(
    cached: None, settings: Any, browser: Browser
) -> None:
    on, settings.PWDLESS = settings.PWDLESS, {**settings.PWDLESS, "SIGN_INS": False}
    browser.sign_in()
    settings.PWDLESS = on
    with connection.execute_wrapper(refuse_changes):
        assert browser.client.get("/who/").text
    assert not SignIn.objects.exists()


def test_login_that_leaves_no_row_is_no_login(cached: None, browser: Browser) -> None:
    browser.sign_in(), browser.post("logout")
    browser.ask()
    browser.client.raise_request_exception = False
    with connection.execute_wrapper(refuse_changes):
        assert browser.answer().status_code == 500
    assert browser.client.get("/who/").text == ""


def test_outage_of_the_database_is_not_taken_for_an_ending(
    cached: None, browser: Browser, new_browser: NewBrowser
) -> None:
    browser.sign_in(ANN)
    browser.client.raise_request_exception = False

    def fail(execute: Any, sql: str, *arguments: Any) -> Any:
        raise OperationalError("gone")

    with connection.execute_wrapper(fail):
        assert browser.client.get("/who/").status_code == 500
    assert browser.client.get("/who/").text


def test_page_of_ended_person_is_the_login_page(signed_in: Browser) -> None:
    end_all()
    answer = signed_in.get("identities")
    assert answer["Location"].startswith(reverse("pwdless:login"))
