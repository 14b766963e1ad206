"""An ended sign-in is over from the next request on, whoever ended it and however it was seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import AsyncClient, Client

from django_pwdless.models import SignIn
from django_pwdless.sign_ins import aend, end
from tests.journeys.browser import Browser
from tests.journeys.conftest import NewBrowser
from tests.outages import OUTAGES

from .conftest import SIGN_IN

pytestmark = pytest.mark.django_db(transaction=True)

WHO = ["/who/", "/awaited-who/"]
ENGINES = ["db", "cached_db", "cache", "file"]


def user() -> Any:
    return get_user_model().objects.get()


def delete_all() -> None:
    SignIn.objects.all().delete()


def delete_each() -> None:
    for row in SignIn.objects.all():
        row.delete()


def end_from_coroutine() -> None:
    async_to_sync(aend)(user())


WAYS: list[Callable[[], Any]] = [
    lambda: end(user()),
    end_from_coroutine,
    delete_all,
    delete_each,
    lambda: user().delete(),
]


@pytest.mark.parametrize("end_it", WAYS)
@pytest.mark.parametrize("page", WHO)
@pytest.mark.parametrize("is_shared", [True, False])
def test_ended_sign_in_is_anonymous_from_the_next_request_on(
    end_it: Callable[[], Any], page: str, is_shared: bool, signed_in: Browser, request: Any
) -> None:
    if is_shared:
        request.getfixturevalue("shared_cache")
    assert signed_in.client.get(page).text
    end_it()
    answer = signed_in.client.get(page)
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.cookies["sessionid"].value == ""
    assert signed_in.client.get(page).text == ""


@pytest.mark.parametrize("engine", ENGINES)
def test_its_session_is_deleted(engine: str, settings: Any, browser: Browser) -> None:
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    browser.sign_in()
    store, key = type(browser.client.session), browser.session_key
    end(user())
    browser.client.get("/who/")
    assert key and not store().exists(key)


@pytest.mark.parametrize("outage", OUTAGES)
def test_without_the_cache_the_database_is_asked(
    outage: str, settings: Any, signed_in: Browser
) -> None:
    settings.CACHES = {"default": {"BACKEND": outage}}
    assert signed_in.client.get("/who/").text
    end(user())
    assert signed_in.client.get("/who/").text == ""


def test_ending_is_seen_within_a_minute_where_the_cache_lost_it(
    clock: Any, shared_cache: Any, settings: Any, signed_in: Browser
) -> None:
    signed_in.client.get("/who/")
    down = {"default": {"BACKEND": OUTAGES[0]}}
    up, settings.CACHES = settings.CACHES, down
    end(user())
    settings.CACHES = up
    assert signed_in.client.get("/who/").text
    clock.shift(61)
    assert signed_in.client.get("/who/").text == ""


def test_alive_never_takes_the_place_of_ended(shared_cache: Any, signed_in: Browser) -> None:
    """A request that read the row before it ended tells the cache of it after."""
    row = SignIn.objects.get()
    end(user())
    SignIn.objects.bulk_create([row])
    assert signed_in.client.get("/who/").text == ""


def test_ending_between_the_look_and_the_cache(shared_cache: Any, signed_in: Browser) -> None:
    """What the first request has read is no longer so when it tells the cache."""
    is_read: list[bool] = []

    def end_once_read(execute: Any, sql: str, *args: Any) -> Any:
        found = execute(sql, *args)
        if sql.startswith("SELECT") and "pwdless_signin" in sql and not is_read:
            is_read.append(True)
            end(user())
        return found

    with connection.execute_wrapper(end_once_read):
        assert signed_in.client.get("/who/").text and is_read
    assert signed_in.client.get("/who/").text == ""


def test_rolled_back_ending_ends_nothing(shared_cache: Any, signed_in: Browser) -> None:
    class Undone(Exception):
        pass

    signed_in.client.get("/who/")
    with pytest.raises(Undone), transaction.atomic():
        end(user())
        raise Undone
    assert signed_in.client.get("/who/").text


def test_new_row_with_an_old_id_is_another_sign_in(signed_in: Browser, clock: Any) -> None:
    """Some databases give ids anew."""
    row = SignIn.objects.get()
    row.delete()
    clock.shift(1)
    SignIn.objects.create(pk=row.pk, user_id=row.user_id, expires_at=row.expires_at)
    assert signed_in.client.get("/who/").text == ""


def test_all_but_the_requests_own(new_browser: NewBrowser, rf: Any) -> None:
    first, second = new_browser(), new_browser()
    first.sign_in(), second.sign_in()
    request = rf.get("/")
    request.session, request.user = second.client.session, user()
    assert end(user(), but=request) == 1
    assert (first.client.get("/who/").text, bool(second.client.get("/who/").text)) == ("", True)
    assert (end(user()), end(user())) == (1, 0)


def test_others_stay(signed_in: Browser) -> None:
    other = get_user_model().objects.create_user("dee")
    client = Client()
    client.force_login(other)
    end(other)
    assert signed_in.client.get("/who/").text and not client.get("/who/").text


def test_very_many_are_ended_in_parts(signed_in: Browser) -> None:
    row = SignIn.objects.get()
    kept = {"user_id": row.user_id, "expires_at": row.expires_at}
    SignIn.objects.bulk_create(SignIn(**kept) for _ in range(1100))
    assert end(user()) == 1101
    assert not SignIn.objects.exists()


@pytest.mark.parametrize("how", ["pwdless", "admin"])
def test_logout_ends_the_row(how: str, signed_in: Browser) -> None:
    if how == "admin":
        get_user_model().objects.update(is_staff=True)
        signed_in.client.post("/admin/logout/")
    else:
        signed_in.post("logout")
    assert not SignIn.objects.exists() and signed_in.user_id is None


def test_flushed_session_ends_its_row(signed_in: Browser) -> None:
    assert signed_in.client.get("/forget/").text
    assert not SignIn.objects.exists()


def token_middleware(get_response: Any) -> Any:
    """Say of requests with a token whose they are, as packages for APIs do; no session is made."""

    def middleware(request: Any) -> Any:
        if name := request.headers.get("x-token"):
            request.user = get_user_model().objects.get(username=name)
        return get_response(request)

    return middleware


@pytest.fixture
def tokens(settings: Any) -> None:
    """The middleware of tokens comes before ours."""
    place = settings.MIDDLEWARE.index(SIGN_IN)
    own = f"{__name__}.token_middleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:place], own, *settings.MIDDLEWARE[place:]]


def test_who_has_no_session_gets_no_row(tokens: None) -> None:
    get_user_model().objects.create_user("dee")
    client = Client(headers={"x-token": "dee"})
    assert client.get("/who/").text == "dee"
    assert not SignIn.objects.exists() and not client.cookies


def test_session_of_somebody_else_gets_no_row_of_theirs(tokens: None, signed_in: Browser) -> None:
    get_user_model().objects.create_user("dee")
    assert signed_in.client.get("/who/", headers={"x-token": "dee"}).text == "dee"
    assert str(SignIn.objects.get().user_id) == signed_in.user_id


def lose_the_password(settings: Any) -> None:
    changed = user()
    changed.set_password("other")
    changed.save()


def be_deactivated(settings: Any) -> None:
    get_user_model().objects.update(is_active=False)


def lose_the_backend(settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[1:]


@pytest.mark.parametrize("page", WHO)
@pytest.mark.parametrize("change", [lose_the_password, be_deactivated, lose_the_backend])
def test_session_that_django_no_longer_accepts_ends_its_row(
    change: Callable[[Any], None], page: str, signed_in: Browser, settings: Any
) -> None:
    signed_in.client.get(page)
    change(settings)
    assert SignIn.objects.exists()
    answer = signed_in.client.get(page)
    assert (answer.status_code, answer.text) == (200, "")
    assert not SignIn.objects.exists()


def test_changed_secret_key_ends_the_row_where_the_session_can_be_read(
    browser: Browser, settings: Any
) -> None:
    """A session in the database cannot: it is signed. Its row stays until it expires."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    browser.sign_in()
    settings.SECRET_KEY = "another"
    assert browser.client.get("/who/").text == ""
    assert not SignIn.objects.exists()


def test_secret_key_that_falls_back_keeps_the_row(signed_in: Browser, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert signed_in.client.get("/who/").text
    assert SignIn.objects.count() == 1 and signed_in.client.get("/who/").text


@pytest.mark.parametrize("stored", [None, 5, "x", {}, {"id": "1"}, {"id": 1, "mark": 2}])
def test_entry_that_cannot_be_read_ends_the_session(stored: Any, signed_in: Browser) -> None:
    session = signed_in.client.session
    session["_pwdless_sign_in"] = stored
    session.save()
    answer = signed_in.client.get("/who/")
    assert answer.status_code == 200 and (stored is None) == bool(answer.text)


def test_asgi_request_is_watched(signed_in: Browser) -> None:
    client = AsyncClient()
    client.cookies = signed_in.client.cookies
    get: Any = async_to_sync(client.get)
    assert get("/awaited-who/").text
    end(user())
    for page in WHO:
        assert get(page).text == ""


def test_middleware_alone_does_nothing(signed_in: Browser, settings: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, "SIGN_INS": False}
    SignIn.objects.all().delete()
    assert signed_in.client.get("/who/").text
    assert not SignIn.objects.exists()
