"""Where people go on: threats 23 (a target that leaves the site) and 37 (one that is no path)."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.urls import NoReverseMatch, path, reverse
from django.utils import translation

from django_pwdless import urls
from django_pwdless.views import LoggedOutView
from tests.urls import urlpatterns as site_urls

from .browser import Browser
from .conftest import NewBrowser

pytestmark = pytest.mark.django_db

SITE = "http://testserver"

HOSTILE = [
    "//evil.example",
    "///evil.example",
    "////evil.example/",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "//evil.example:80",
    "//testserver@evil.example",
    "//evil.example\\@testserver",
    "http://evil.example",
    "https://evil.example/in/",
    "HTTPS://EVIL.EXAMPLE",
    "https:evil.example",
    "http:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:///evil.example",
    "http://testserver.evil.example",
    "http://testserver@evil.example/",
    "http://evil.example#testserver",
    "http://evil.example?testserver/",
    "http://evil.example\\.testserver/",
    "http://[::1",
    "http://[evil]/",
    "javascript:alert(1)",
    "JavaScript:alert(1)//testserver",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "ftp://testserver/",
    "mailto:ann@example.com",
    "\x00//evil.example",
    "\x01//evil.example",
    "\x1f//evil.example",
    "\x7f//evil.example",
    "\x08https://evil.example",
    "\u2028//evil.example",
    "\ufeff//evil.example",
    " //evil.example",
    "\t//evil.example",
    "\n//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t/\t/evil.example",
    "ht\ntp://evil.example",
    "h\tttps:\n//evil.example",
    "/\t\\evil.example",
    "／／evil.example",
    "http://evil。example/",
    "http:////evil.example",
    "//%65vil.example",
    "/" + "x" * 10_000,
    "/" + "ü" * 3_000,
]
# Three bytes each, and nine characters of a header.
LONG = "/" + "€" * 700


class Links(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "action")]


def followed(target: str, page: str = "/accounts/verify/") -> str:
    """Where a browser goes: it drops tabs and line breaks, and takes back-slashes for slashes."""
    for char in "\t\r\n":
        target = target.replace(char, "")
    return urljoin(SITE + page, target.strip("\x00\x1f ").replace("\\", "/"))


def stays(target: str, page: str = "/accounts/verify/") -> bool:
    parts = urlsplit(followed(target, page))
    return (parts.scheme, parts.netloc) == ("http", "testserver")


@pytest.fixture(autouse=True)
def any_host(settings: Any) -> None:
    """Nothing but the request's own host decides."""
    settings.ALLOWED_HOSTS = ["*"]


@pytest.mark.parametrize("next_url", HOSTILE)
def test_login_leads_nowhere_else(next_url: str, browser: Browser) -> None:
    answer = browser.sign_in(next=next_url)
    assert answer.status_code == 302
    assert stays(answer["Location"])


@pytest.mark.parametrize("next_url", HOSTILE)
def test_page_leads_nowhere_else(next_url: str, browser: Browser) -> None:
    page = browser.get("login", next=next_url)
    assert page.status_code == 200
    assert all(stays(link, "/accounts/login/") for link in Links(page.content.decode()).found)


@pytest.mark.parametrize("next_url", HOSTILE)
def test_page_of_a_signed_in_person_leads_nowhere_else(next_url: str, signed_in: Browser) -> None:
    page = signed_in.get("login", next=next_url)
    assert page.status_code == 200 or page["Location"] == reverse("home")
    assert all(stays(link, "/accounts/login/") for link in Links(page.content.decode()).found)


@pytest.mark.parametrize("next_url", HOSTILE)
def test_logout_leads_nowhere_else(next_url: str, browser: Browser) -> None:
    assert stays(browser.post("logout", next=next_url)["Location"])


@pytest.mark.parametrize("name", ["login", "identities"])
@pytest.mark.parametrize("query", ["next", "x"])
def test_no_header_gets_long(query: str, name: str, new_browser: NewBrowser) -> None:
    """A proxy answers with an error of its own to what does not fit into its buffer."""
    browser = new_browser()
    for answer in (browser.get(name, **{query: LONG}), browser.ask(next=LONG), browser.answer()):
        assert answer.status_code in (200, 302)
        assert len(answer.headers.get("Location", "")) < 4000


def test_target_comes_from_the_first_step_only(browser: Browser) -> None:
    browser.ask()
    assert browser.answer(next="/in/")["Location"] == reverse("home")


GOOD = [
    "/in/",
    "/",
    "/in/?a=1&b=2#part",
    "/in/?next=//evil.example",
    "/%2F%2Fevil.example",
    "/@evil.example",
    "http://testserver/in/",
    "/häuser/",
    "/in/%0d%0aX:y",
]


@pytest.mark.parametrize("next_url", GOOD)
def test_login_leads_on(next_url: str, browser: Browser) -> None:
    location = browser.sign_in(next=next_url)["Location"]
    assert location in (next_url, "/h%C3%A4user/")


@pytest.mark.parametrize("next_url", GOOD)
def test_logout_leads_on(next_url: str, signed_in: Browser) -> None:
    location = signed_in.post("logout", next=next_url)["Location"]
    assert location in (next_url, "/h%C3%A4user/")


def test_target_in_the_address_counts_too(browser: Browser) -> None:
    browser.client.post(reverse("pwdless:login") + "?next=/in/", {"identifier": browser.identifier})
    assert browser.answer()["Location"] == "/in/"


@pytest.mark.parametrize("next_url", ["home", "admin:index", "pwdless:logout", "..", "?x", "#y"])
def test_target_that_is_no_path_is_no_view_name(next_url: str, browser: Browser) -> None:
    # threat 37
    location = browser.sign_in(next=next_url)["Location"]
    assert stays(location)
    assert location in (next_url, reverse("home"))


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\x0b", "\x85"])
def test_no_header_can_be_smuggled_in(line_break: str, browser: Browser) -> None:
    answer = browser.sign_in(next=f"/in/{line_break}Set-Cookie: a=b")
    assert answer.status_code == 302
    assert "a" not in answer.cookies
    assert not set(answer["Location"]) & {"\r", "\n"}


def test_no_default_but_the_sites(browser: Browser, settings: Any) -> None:
    settings.LOGIN_REDIRECT_URL = "/members/"
    assert browser.sign_in()["Location"] == "/members/"


def test_last_target_counts(browser: Browser) -> None:
    browser.ask(next="/one/")
    browser.ask(next="/two/")
    assert browser.answer()["Location"] == "/two/"


def test_target_of_https_is_not_http(new_browser: NewBrowser) -> None:
    browser = new_browser()
    extra = {"secure": True}
    browser.client.post(
        reverse("pwdless:login"), {"identifier": "ann@example.com", "next": SITE}, **extra
    )
    answer = browser.client.post(reverse("pwdless:verify"), {"code": browser.code}, **extra)
    assert answer["Location"] == reverse("home")


def test_host_that_is_not_allowed(browser: Browser, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    url = reverse("pwdless:login") + "?next=/in/"
    assert browser.client.get(url, headers={"host": "evil.example"}).status_code == 400


# Pages that a login may lead to; each other one of ours is a step of it, or takes no GET.
PLACES = {
    *("identities", "identity_add", "recovery_codes", "sign_ins"),
    *("factors", "factor_add", "factor_remove"),
}
STEPS = [pattern.name for pattern in urls.urlpatterns if pattern.name not in PLACES]


def path_of(name: str) -> str:
    try:
        return reverse(f"pwdless:{name}")
    except NoReverseMatch:
        return reverse(f"pwdless:{name}", args=[1])


@pytest.mark.parametrize("name", STEPS)
def test_login_leads_to_no_step_of_its_own(name: str, browser: Browser) -> None:
    """They would say that the step is over, or that the person is signed out."""
    assert browser.sign_in(next=path_of(name))["Location"] == reverse("home")
    # Nor the page of whoever is signed in already.
    assert browser.get("login", next=path_of(name))["Location"] == reverse("home")


@pytest.mark.parametrize(
    "spelling",
    [
        *("{}?a=1#part", "http://testserver{}", "//testserver{}", "/in/..{}"),
        *("{}\t", "{:.21}", "/accounts/%6Cogged-out/", "\\accounts\\logged-out/"),
    ],
)
def test_step_is_known_however_it_is_spelled(spelling: str, browser: Browser) -> None:
    target = spelling.format(reverse("pwdless:logged_out"))
    assert browser.sign_in(next=target)["Location"] == reverse("home")


@pytest.mark.parametrize("name", sorted(PLACES))
def test_login_leads_to_a_page_of_ones_own(name: str, browser: Browser) -> None:
    assert browser.sign_in(next=path_of(name))["Location"] == path_of(name)


class SiteLoggedOutView(LoggedOutView):
    """A site's own."""


def test_step_that_the_site_has_swapped(browser: Browser, settings: Any) -> None:
    own = path("accounts/logged-out/", SiteLoggedOutView.as_view())
    settings.ROOT_URLCONF = type("urlconf", (), {"urlpatterns": [own, *site_urls]})
    assert browser.sign_in(next="/accounts/logged-out/")["Location"] == "/"


def test_step_in_another_language(browser: Browser, settings: Any) -> None:
    settings.ROOT_URLCONF = type("urlconf", (), {"urlpatterns": i18n_patterns(*site_urls)})
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    settings.LOGIN_REDIRECT_URL = "/en/"
    with translation.override("en"):
        browser.ask(next="/de/accounts/logged-out/")
        assert browser.answer()["Location"] == "/en/"


def test_logout_may_lead_to_the_first_step(signed_in: Browser) -> None:
    login = reverse("pwdless:login")
    assert signed_in.post("logout", next=login)["Location"] == login
