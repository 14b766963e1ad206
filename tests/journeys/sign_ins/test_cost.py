"""What sign-ins cost: statements and reads of the cache, counted."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from django_pwdless.models import Identity, SignIn
from tests.journeys.browser import Browser
from tests.journeys.conftest import NewBrowser

from .conftest import CountingCache, about, statements

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = SignIn._meta.db_table


def off(settings: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "SIGN_INS": False}
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "pwdless" not in path]


def cost_of_login(new_browser: NewBrowser) -> list[str]:
    """The statements of the second login of somebody, who has an identity already."""
    new_browser().sign_in()
    browser = new_browser()
    browser.ask()
    code = browser.code
    return statements(lambda: browser.answer(code))


def test_login_costs_one_statement_more(new_browser: NewBrowser, settings: Any) -> None:
    on = cost_of_login(new_browser)
    assert about(TABLE, on) == ["INSERT"]
    off(settings)
    assert len(cost_of_login(new_browser)) == len(on) - 1


def test_password_login_costs_one_statement_more(settings: Any) -> None:
    get_user_model().objects.create_user("cy", password="secret")

    def sign_in() -> list[str]:
        fields = {"username": "cy", "password": "secret"}
        return statements(lambda: Client().post("/password/", fields))

    on = sign_in()
    off(settings)
    assert len(sign_in()) == len(on) - 1


@pytest.mark.parametrize("page", ["/who/", "/awaited-who/"])
def test_steady_request_costs_one_read_of_the_cache_and_no_statement(
    page: str, shared_cache: Any, came_in: Browser, settings: Any
) -> None:
    came_in.client.get(page)
    CountingCache.reads = 0
    on = statements(lambda: came_in.client.get(page))
    assert (CountingCache.reads, about(TABLE, on)) == (1, [])
    off(settings)
    assert len(statements(lambda: came_in.client.get(page))) == len(on)


@pytest.mark.parametrize("page", ["/nobody-asks/", "/fill/"])
def test_request_that_looks_at_nobody_costs_nothing(
    page: str, shared_cache: Any, came_in: Browser, settings: Any
) -> None:
    CountingCache.reads = 0
    on = statements(lambda: came_in.client.get(page))
    assert CountingCache.reads == 0
    off(settings)
    assert len(statements(lambda: came_in.client.get(page))) == len(on)


@pytest.mark.parametrize("page", ["/who/", "/awaited-who/", "/nobody-asks/"])
def test_anonymous_request_costs_nothing(page: str, shared_cache: Any, settings: Any) -> None:
    assert statements(lambda: Client().get(page)) == []
    assert CountingCache.reads == 0


def test_cache_that_is_not_shared_is_never_believed(came_in: Browser, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    for _ in range(2):
        asked = statements(lambda: came_in.client.get("/who/"))
        assert about(TABLE, asked) == ["SELECT"]


def test_once_a_minute_the_database_is_asked(
    clock: Any, shared_cache: Any, came_in: Browser
) -> None:
    asked = []
    for _ in range(4):
        asked.append(about(TABLE, statements(lambda: came_in.client.get("/who/"))))
        clock.shift(31)
    assert asked == [["SELECT"], [], ["SELECT"], []]


def test_off_costs_nothing(new_browser: NewBrowser, settings: Any) -> None:
    """No statement about the table, no cookie and no header more, at any step of a login."""
    off(settings)
    browser = new_browser()

    def walk() -> None:
        browser.sign_in()
        browser.get("identities")
        browser.post("logout")

    assert about(TABLE, statements(walk)) == []
    assert not SignIn.objects.exists()
    assert set(browser.client.cookies) <= {"sessionid", "csrftoken", "messages"}


def test_off_costs_nothing_when_an_identity_goes(came_in: Browser, settings: Any) -> None:
    off(settings)
    assert about(TABLE, statements(lambda: Identity.objects.get().delete())) == []
