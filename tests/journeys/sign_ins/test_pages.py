"""A person sees where they are signed in, and ends it: threat 51."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from django_pwdless.models import SignIn
from tests.journeys.browser import BEN, Browser
from tests.journeys.conftest import Configure, NewBrowser

pytestmark = pytest.mark.django_db(transaction=True)

EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


def end_one(browser: Browser, pk: int) -> Any:
    return browser.client.post(reverse("pwdless:sign_in_end", args=[pk]))


@pytest.fixture
def laptop(new_browser: NewBrowser) -> Browser:
    browser = new_browser(headers={"user-agent": EDGE})
    browser.sign_in()
    return browser


@pytest.fixture
def phone(laptop: Browser, new_browser: NewBrowser) -> Browser:
    browser = new_browser(headers={"user-agent": SAFARI})
    browser.sign_in()
    return browser


def test_own_sign_ins_newest_first_this_one_marked(laptop: Browser, phone: Browser) -> None:
    get_user_model().objects.create_user("dee")
    response = laptop.get("sign_ins")
    shown = [(it.browser, it.system, it.current) for it in response.context["sign_ins"]]
    assert shown == [("Safari", "iPhone", False), ("Edge", "Windows", True)]
    assert "Safari on iPhone" in response.text and "Edge on Windows" in response.text
    assert response.text.count("This device") == 1
    assert "AppleWebKit" not in response.text


def test_expired_and_other_peoples_are_not_shown(
    laptop: Browser, phone: Browser, new_browser: NewBrowser
) -> None:
    new_browser().sign_in(BEN)
    expired = laptop.get("sign_ins").context["sign_ins"][0]
    SignIn.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert [it.current for it in laptop.get("sign_ins").context["sign_ins"]] == [True]


def test_what_a_browser_says_of_itself_is_never_shown(new_browser: NewBrowser) -> None:
    browser = new_browser(headers={"user-agent": "<script>alert(1)</script> Firefox/1"})
    browser.sign_in()
    page = browser.get("sign_ins").text
    assert "alert" not in page and "Firefox" in page
    SignIn.objects.update(user_agent="curl/8")
    assert "Unknown browser" in browser.get("sign_ins").text


def test_one_is_ended_from_the_other(laptop: Browser, phone: Browser) -> None:
    other = laptop.get("sign_ins").context["sign_ins"][0]
    answer = end_one(laptop, other.pk)
    assert (answer.status_code, answer["Location"]) == (302, reverse("pwdless:sign_ins"))
    assert (phone.client.get("/who/").text, bool(laptop.client.get("/who/").text)) == ("", True)


def test_all_others_are_ended(laptop: Browser, phone: Browser) -> None:
    answer = laptop.post("sign_ins_end_others")
    assert (answer.status_code, answer["Location"]) == (302, reverse("pwdless:sign_ins"))
    assert (phone.client.get("/who/").text, bool(laptop.client.get("/who/").text)) == ("", True)
    assert SignIn.objects.count() == 1


def test_ending_ones_own_signs_out(laptop: Browser) -> None:
    answer = end_one(laptop, SignIn.objects.get().pk)
    assert (answer.status_code, answer["Location"]) == (302, reverse("pwdless:logged_out"))
    assert laptop.user_id is None and not SignIn.objects.exists()


def test_ending_needs_no_fresh_proof(laptop: Browser, phone: Browser, time_machine: Any) -> None:
    time_machine.move_to(timezone.now() + timedelta(hours=3))
    laptop.post("sign_ins_end_others")
    assert SignIn.objects.count() == 1


@pytest.mark.parametrize("whose", ["somebody else's", "nobody's", "ended already"])
def test_pk_that_is_not_ones_own_is_not_found(
    whose: str, laptop: Browser, new_browser: NewBrowser
) -> None:
    new_browser().sign_in(BEN)
    theirs = SignIn.objects.latest("pk")
    pk = 10**18 if whose == "nobody's" else theirs.pk
    if whose == "ended already":
        theirs.delete()
    before = SignIn.objects.count()
    assert end_one(laptop, pk).status_code == 404
    assert SignIn.objects.count() == before


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999999"])
def test_strange_pk_is_not_found(pk: str, laptop: Browser) -> None:
    assert laptop.client.post(f"/accounts/sign-ins/{pk}/end/").status_code == 404


def test_ended_one_cannot_end_others(laptop: Browser, phone: Browser) -> None:
    laptop.post("sign_ins_end_others")
    answer = phone.post("sign_ins_end_others")
    assert answer["Location"].startswith(reverse("pwdless:login"))
    assert laptop.client.get("/who/").text


def test_anonymous_people_are_sent_to_sign_in(browser: Browser) -> None:
    wanted = f"{reverse('pwdless:login')}?next={reverse('pwdless:sign_ins')}"
    assert browser.get("sign_ins")["Location"] == wanted
    assert browser.post("sign_ins_end_others")["Location"] == wanted
    assert end_one(browser, 1)["Location"] == wanted


def test_off_is_not_found(laptop: Browser, configure: Configure) -> None:
    configure(SIGN_INS=False)
    assert laptop.get("sign_ins").status_code == 404
    assert laptop.post("sign_ins_end_others").status_code == 404
    assert end_one(laptop, 1).status_code == 404


@pytest.mark.parametrize(("name", "method"), [("sign_ins", "post"), ("sign_ins_end_others", "get")])
def test_other_methods_are_not_allowed(name: str, method: str, laptop: Browser) -> None:
    assert getattr(laptop, method)(name).status_code == 405


def test_works_without_the_middleware_too(laptop: Browser, settings: Any) -> None:
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "pwdless" not in path]
    assert [it.current for it in laptop.get("sign_ins").context["sign_ins"]] == [True]
