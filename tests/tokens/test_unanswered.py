"""What people get where a page leaves it open that there is no token."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session
from django.test import AsyncClient, Client

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import TOKEN, Browser
from tests.journeys.conftest import Configure

from .conftest import DAY, HTML, value

pytestmark = pytest.mark.django_db(transaction=True)

LOGIN = "/accounts/login/?next=/token/%3Fpage%3D1&confirm=1"
PAGES = ["/token/", "/awaited/"]


@pytest.fixture
def revoked(signed_in: Browser, clock: Any) -> Browser:
    """A person whose refresh token is over."""
    clock.shift(DAY)
    signed_in.tenant.answer(TOKEN, 403, "invalid_grant", "Unknown or invalid refresh token.")
    return signed_in


@pytest.mark.parametrize("method", ["get", "head"])
def test_person_is_led_to_the_login_page_once(method: str, revoked: Browser) -> None:
    ask = getattr(revoked.client, method)
    first = ask("/token/?page=1", headers=HTML)
    assert (first.status_code, first["Location"]) == (302, LOGIN)
    second = ask("/token/?page=1", headers=HTML)
    assert second.status_code == 403
    if method == "get":
        assert second.context["outcome"] == "token_unavailable"
        assert second.context["retry_url"] == LOGIN
        assert 'href="/accounts/login/?next=' in second.text


def test_way_on_leads_to_the_page(revoked: Browser) -> None:
    page = revoked.client.get(revoked.client.get("/token/", headers=HTML)["Location"])
    own = page.context["reconfirm"][0].pk
    revoked.tenant.recover()
    revoked.post("login", reconfirm=own, next=page.context["next"])
    assert revoked.answer()["Location"] == "/token/"
    assert value(revoked)


def test_whoever_has_had_a_token_since_is_led_again(revoked: Browser, clock: Any) -> None:
    test_way_on_leads_to_the_page(revoked)
    clock.shift(DAY)
    revoked.tenant.answer(TOKEN, 403, "invalid_grant")
    assert revoked.client.get("/token/", headers=HTML).status_code == 302


def test_strangers_are_led_each_time_and_get_no_session(client: Client) -> None:
    for _ in range(2):
        assert client.get("/token/?page=1", headers=HTML)["Location"] == LOGIN
    assert not Session.objects.exists()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_what_was_sent_is_not_led_away_from(method: str, revoked: Browser) -> None:
    response = getattr(revoked.client, method)("/token/", headers=HTML)
    assert (response.status_code, response.context["outcome"]) == (403, "token_unavailable")
    # It counts as no time.
    assert revoked.client.get("/token/", headers=HTML).status_code == 302


@pytest.mark.parametrize(
    ("methods", "way"),
    [
        (["email-code"], "/accounts/login/?next=/token/&confirm=1"),
        (["email-code", "universal"], "/accounts/universal/?next=/token/&mfa=1"),
    ],
)
def test_second_factor_is_asked_for_on_a_page(
    methods: list[str], way: str, signed_in: Browser, clock: Any, configure: Configure
) -> None:
    configure(METHODS=methods)
    clock.shift(DAY)
    signed_in.tenant.switches.mfa_on_refresh = True
    for _ in range(2):
        response = signed_in.client.get("/token/", headers=HTML)
        assert (response.status_code, response.context["outcome"]) == (403, "step_up")
        assert way in (response.context["universal_url"], response.context["retry_url"])


ACCEPTS = [
    (None, 401),
    ("*/*", 401),
    ("application/json", 401),
    ("text/*", 401),
    ("text/html;q=0", 401),
    ("text/plain, text/html;q=0.5", 302),
    ("TEXT/HTML", 302),
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("accept", "status"), ACCEPTS)
def test_pages_are_for_those_who_name_them(
    page: str, accept: str | None, status: int, revoked: Browser
) -> None:
    headers = {} if accept is None else {"accept": accept}
    response = revoked.client.get(page, headers=headers)
    assert response.status_code == status
    assert response["Cache-Control"] == "no-store, private"
    if status == 401:
        assert response.json() == {"error": "token_unavailable", "reason": "revoked"}


def test_view_that_awaits_is_answered_too(tenant: LocalTenant) -> None:
    response = async_to_sync(AsyncClient().get)("/awaited/", headers=HTML)
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/awaited/&confirm=1"


def test_without_sign_ins_the_middleware_does_nothing(
    signed_in: Browser, configure: Configure
) -> None:
    configure(SIGN_INS=False, TOKENS=False)
    signed_in.client.raise_request_exception = False
    assert signed_in.client.get("/token/", headers=HTML).status_code == 500
