"""Confirm it’s you: each page that asks for it has a way on, and none leads in a circle."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.html import escape

from django_pwdless.models import Identity

from .browser import ANN, BEN, Browser, outcome
from .conftest import Configure
from .hosted import log_in_hosted

pytestmark = pytest.mark.django_db

ADD, LIST = "/accounts/identities/add/", "/accounts/identities/"
LOGIN = "/accounts/login/"
OLD = 601


class Links(HTMLParser):
    """The links of a page, with whether each is in the last part, for a different account."""

    def __init__(self, page: Any) -> None:
        super().__init__()
        self.found: dict[str, bool] = {}
        self.is_for_others = False
        self.feed(page.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_for_others = self.is_for_others or dict(attrs).get("class") == "pwdless-more"
        if tag == "a":
            self.found[dict(attrs)["href"] or ""] = self.is_for_others


def open_page(browser: Browser, path: str) -> Any:
    """Open a page that wants a fresh proof, and come to where one gives it."""
    page = browser.client.get(path, follow=True)
    assert page.request["PATH_INFO"] == LOGIN and page.status_code == 200
    return page


@pytest.fixture
def with_password(clock: Any, browser: Browser) -> Browser:
    """A browser of somebody who signed in with a password a while ago, and has no identity."""
    browser.client.force_login(get_user_model().objects.create(username="old"))
    clock.shift(OLD)
    return browser


@pytest.fixture
def unreachable(clock: Any, signed_in: Browser) -> Browser:
    """A browser of somebody whose login is old, and whom no message can be sent."""
    Identity.objects.update(email="")
    clock.shift(OLD)
    return signed_in


@pytest.fixture
def universal(configure: Configure) -> None:
    configure(METHODS=["email-code", "universal"])


@pytest.mark.parametrize("who", ["with_password", "unreachable"])
@pytest.mark.parametrize("path", [ADD, f"{LIST}?remove=1"])
def test_way_on_is_to_sign_in_again(
    path: str, who: str, request: pytest.FixtureRequest, settings: Any
) -> None:
    settings.LOGIN_URL = "/password/"
    browser: Browser = request.getfixturevalue(who)
    user_id = browser.user_id
    page = open_page(browser, path)
    assert "sign in again the way you did before" in page.content.decode()
    target = page.context["sign_in_again_url"]
    assert f'name="next" value="{escape(target)}"' in page.content.decode()
    answer = browser.post("logout", next=target)
    assert outcome(answer) == (302, target)
    parts = urlsplit(target)
    assert (parts.path, parse_qs(parts.query)["next"]) == ("/password/", [path])
    browser.client.force_login(get_user_model().objects.get(pk=user_id))
    assert browser.client.get(path).status_code in (200, 404)


@pytest.mark.parametrize("login_url", ["pwdless:login", "no-such-view"])
def test_way_on_where_people_sign_in_here(
    login_url: str, with_password: Browser, settings: Any
) -> None:
    settings.LOGIN_URL = login_url
    page = open_page(with_password, ADD)
    assert page.context["sign_in_again_url"] == f"{LOGIN}?next={ADD}"


@pytest.mark.usefixtures("universal")
def test_way_on_by_universal_login(unreachable: Browser) -> None:
    page = open_page(unreachable, ADD)
    assert page.context["sign_in_again_url"] is None
    link = page.context["universal_url"]
    assert Links(page).found[link] is False
    user_id, address = unreachable.user_id, unreachable.client.get(link)["Location"]
    answer = unreachable.client.get(log_in_hosted(unreachable.tenant, address))
    assert outcome(answer) == (302, ADD) and unreachable.user_id == user_id
    assert unreachable.get("identity_add").status_code == 200


@pytest.mark.usefixtures("universal")
def test_universal_login_confirms_nobody_who_has_no_identity(with_password: Browser) -> None:
    page = open_page(with_password, ADD)
    assert page.context["sign_in_again_url"]
    assert all(Links(page).found[link] for link in Links(page).found if "universal" in link)


@pytest.mark.usefixtures("universal")
def test_somebody_else_may_come_by_universal_login(clock: Any, signed_in: Browser) -> None:
    """The link beside the address is theirs; the one to confirm is the signed-in person's."""
    clock.shift(OLD)
    before = signed_in.user_id
    links = Links(open_page(signed_in, ADD)).found
    (theirs,) = (link for link, for_others in links.items() if for_others and "universal" in link)
    address = signed_in.client.get(theirs)["Location"]
    assert signed_in.client.get(log_in_hosted(signed_in.tenant, address, BEN)).status_code == 302
    assert signed_in.user_id not in (None, before)


@pytest.mark.parametrize("who", ["with_password", "unreachable", "reachable"])
@pytest.mark.parametrize("path", [ADD, f"{LIST}?remove=1"])
@pytest.mark.usefixtures("universal")
def test_no_link_leads_back(
    path: str, who: str, clock: Any, request: pytest.FixtureRequest
) -> None:
    if who == "reachable":
        browser: Browser = request.getfixturevalue("signed_in")
        clock.shift(OLD)
    else:
        browser = request.getfixturevalue(who)
    page = open_page(browser, path)
    onward = [link for link in Links(page).found if "universal" not in link]
    assert onward == [LIST]
    assert browser.client.get(LIST).status_code == 200


def test_confirmation_that_a_page_asked_for_cannot_be_passed_by(signed_in: Browser) -> None:
    """It would only say again that it needs one."""
    page = signed_in.get("login", next="/in/", confirm="1")
    assert page.context["reconfirm"] and page.context["continue_url"] is None
    assert "/in/" not in Links(page).found


def test_page_that_asks_for_nothing_is_gone_on_to(signed_in: Browser) -> None:
    page = signed_in.get("login", next="/in/")
    assert page.context["continue_url"] == "/in/"
    assert page.context["wants_proof"] is False
    assert reverse("pwdless:identities") not in Links(page).found and ANN in page.content.decode()
