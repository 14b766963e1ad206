"""What every view of the app has in common: threats 16, 23, 36, 37 and 40."""

from __future__ import annotations

import io
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import path, reverse

from django_pwdless import urls
from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN, FORM, START, TOKEN, Browser, outcome

pytestmark = pytest.mark.django_db

METHODS = {
    "login": ["get", "head", "post", "options"],
    "verify": ["get", "head", "post", "options"],
    "resend": ["post", "options"],
    "logout": ["post", "options"],
    "logged_out": ["get", "head", "options"],
}
ALL_METHODS = ["get", "head", "post", "put", "patch", "delete", "options", "trace"]
HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


@pytest.fixture
def browser(pwdless_tenant: LocalTenant) -> Browser:
    return Browser(pwdless_tenant)


@pytest.fixture
def half_way(browser: Browser) -> Browser:
    browser.ask()
    return browser


def headers_of(response: Any) -> dict[str, Any]:
    return {name: response.headers.get(name) for name in HEADERS}


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("method", ALL_METHODS)
def test_other_methods_are_not_allowed(method: str, name: str, half_way: Browser) -> None:
    response = getattr(half_way.client, method)(reverse(f"pwdless:{name}"))
    is_taken = method in METHODS[name]
    assert (response.status_code == 405) is not is_taken
    assert response.status_code < 500
    assert headers_of(response) == HEADERS
    if not is_taken:
        assert response["Allow"] == ", ".join(METHODS[name]).upper()


@pytest.mark.parametrize("url", urls.urlpatterns, ids=lambda url: str(url.name))
def test_view_is_open_and_protected(url: Any) -> None:
    assert url.callback.login_required is False
    # A logout token proves itself, and no browser sends one.
    is_exempt = getattr(url.callback, "csrf_exempt", False)
    assert is_exempt is (url.name == "backchannel_logout")


def test_headers_of_each_step(browser: Browser, pwdless_tenant: LocalTenant) -> None:
    # threat 16: redirects and errors too.
    pwdless_tenant.fail(TOKEN, "server_error", times=1)
    steps = [
        browser.get("verify"),
        browser.get("login"),
        browser.ask("ann"),
        browser.ask(),
        browser.ask(),
        browser.post("resend"),
        browser.answer("1"),
        browser.answer(),
        browser.answer(),
        browser.get("login"),
        browser.get("login", next="/in/"),
        browser.post("logout"),
        browser.get("logged_out"),
    ]
    statuses = [302, 200, 200, 302, 302, 302, 200, 503, 302, 302, 200, 302, 200]
    assert [step.status_code for step in steps] == statuses
    assert [headers_of(step) for step in steps] == [HEADERS] * len(steps)


@pytest.mark.parametrize(
    ("fault", "status"), [("access_denied", 403), ("rate_limited", 429), ("expired", 200)]
)
def test_headers_of_each_outcome(
    fault: str, status: int, half_way: Browser, pwdless_tenant: LocalTenant
) -> None:
    pwdless_tenant.fail(TOKEN, fault)
    response = half_way.answer()
    assert (response.status_code, headers_of(response)) == (status, HEADERS)


def test_per_site_cache_keeps_no_page(half_way: Browser, settings: Any) -> None:
    """Threat 48: before 5.2.15 Django's own cache heeds ``private`` and not ``no-store``."""
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": memory, "LOCATION": "pages"}}
    settings.CACHE_MIDDLEWARE_ALIAS = "pages"
    cache = "django.middleware.cache"
    settings.MIDDLEWARE = [
        f"{cache}.UpdateCacheMiddleware",
        *settings.MIDDLEWARE,
        f"{cache}.FetchFromCacheMiddleware",
    ]
    kept: Any = caches["pages"]
    client = Client()
    client.cookies = half_way.client.cookies
    for name in ("login", "verify", "logged_out"):
        assert client.get(reverse(f"pwdless:{name}")).status_code == 200
        assert not kept._cache, name


def test_headers_are_not_weakened_by_middleware(half_way: Browser, settings: Any) -> None:
    settings.SECURE_REFERRER_POLICY = "no-referrer"
    settings.X_FRAME_OPTIONS = "SAMEORIGIN"
    # Another client: the first one's middleware has read its settings.
    client = Client()
    client.cookies = half_way.client.cookies
    for name in ("verify", "login"):
        assert headers_of(client.get(reverse(f"pwdless:{name}"))) == HEADERS


@pytest.mark.parametrize("name", ["login", "verify", "resend", "logout"])
@pytest.mark.parametrize("has_middleware", [True, False])
def test_form_without_csrf_token(
    has_middleware: bool, name: str, half_way: Browser, settings: Any
) -> None:
    if not has_middleware:
        settings.MIDDLEWARE = [entry for entry in settings.MIDDLEWARE if "csrf" not in entry]
    client = Client(enforce_csrf_checks=True)
    client.cookies = half_way.client.cookies
    fields = {"identifier": "ben@example.com", "code": half_way.code}
    assert client.post(reverse(f"pwdless:{name}"), fields).status_code == 403
    assert len(half_way.tenant.requests) == 1
    assert half_way.is_asked_for_code


def token_in(page: Any) -> str:
    return str(page.context["csrf_token"])


@pytest.mark.parametrize("in_sessions", [False, True])
def test_journey_with_csrf_tokens(
    in_sessions: bool, pwdless_tenant: LocalTenant, settings: Any
) -> None:
    settings.CSRF_USE_SESSIONS = in_sessions
    browser = Browser(pwdless_tenant, enforce_csrf_checks=True)
    token = token_in(browser.get("login"))
    assert browser.ask(csrfmiddlewaretoken=token).status_code == 302
    token = token_in(browser.get("verify"))
    assert browser.post("resend", csrfmiddlewaretoken=token).status_code == 302
    assert browser.answer("1", csrfmiddlewaretoken=token).status_code == 200
    assert browser.answer(csrfmiddlewaretoken=token).status_code == 302
    token = token_in(browser.get("login", next="/in/"))
    assert browser.post("logout", csrfmiddlewaretoken=token).status_code == 302


NASTY = {
    "nul": "\0",
    "nul-inside": "ann\0@example.com",
    "controls": "\x01\x02\x1b[31m\x7f",
    "line-breaks": "ann@example.com\r\nBcc: ben@example.com",
    "script": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }}{% now %}",
    "format": "%s%n%(x)s{0}{x!r}",
    "sql": "' OR 1=1 --",
    "bidi": "\u202e\u2066ann@example.com",
    "astral": "😀" * 50,
    "not-a-character": "\uffff\ufffe",
    "long": "1" * 200_000,
    "long-address": "a" * 100_000 + "@example.com",
    "many-dots": "a@" + "a." * 50_000 + "com",
    "many-at": "@" * 100_000,
    "spaces": " " * 100_000,
    "digits": "٣" * 5_000,
    "empty": "",
}


FIELDS = [
    *[("login", field) for field in ("identifier", "method", "next", "reconfirm")],
    *[("verify", "code"), ("verify", "next"), ("resend", "method"), ("logout", "next")],
]


@pytest.mark.parametrize(
    ("kind", "name", "field"), [(kind, *field) for kind in NASTY for field in FIELDS]
)
def test_nasty_text_is_no_500_and_is_escaped(
    kind: str, name: str, field: str, half_way: Browser
) -> None:
    # threat 36
    fields = {"identifier": ANN, "code": "000000", field: NASTY[kind]}
    response = half_way.post(name, **fields)
    assert response.status_code in (200, 302, 429)
    assert len(response.content) < 30_000
    assert b"<script>alert" not in response.content
    assert half_way.get("login").status_code in (200, 302)


@pytest.mark.parametrize(("kind", "name"), list(product(NASTY, ["login", "verify", "logged_out"])))
def test_nasty_text_in_the_address(kind: str, name: str, half_way: Browser) -> None:
    text = NASTY[kind]
    query = {"next": text, "identifier": text, "code": text, "method": text, text[:50]: text}
    response = half_way.get(name, **query)
    assert response.status_code == 200
    assert len(response.content) < 30_000


def utf_7(name: str, half_way: Browser, **fields: str) -> Any:
    """Send fields in UTF-7, which can spell lone surrogates."""
    boundary = "frontier"
    body = io.BytesIO()
    for field, text in fields.items():
        disposition = f'Content-Disposition: form-data; name="{field}"'
        body.write(f"--{boundary}\r\n{disposition}\r\n\r\n{text}\r\n".encode("ascii"))
    body.write(f"--{boundary}--\r\n".encode())
    kind = f"multipart/form-data; boundary={boundary}; charset=utf-7"
    return half_way.client.generic("POST", reverse(f"pwdless:{name}"), body.getvalue(), kind)


SURROGATES = {"high": "+2AA-", "low": "+3AA-", "address": "ann+2AA-@example.com", "path": "/+2AA-"}


@pytest.mark.parametrize(
    ("kind", "name", "field"),
    [(kind, *field) for kind in SURROGATES for field in FIELDS],
)
def test_lone_surrogates_are_no_500(kind: str, name: str, field: str, half_way: Browser) -> None:
    # threat 36
    fields = {"identifier": "ann+AEA-example.com", "code": "000000", field: SURROGATES[kind]}
    response = utf_7(name, half_way, **fields)
    assert response.status_code in (200, 302, 429)
    assert half_way.get("login").status_code in (200, 302)


def test_utf_7_is_read_at_all(browser: Browser) -> None:
    assert utf_7("login", browser, identifier="ann+AEA-example.com").status_code == 302


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", FORM),
        (b"identifier=%FF%FE%00&identifier=2", FORM),
        (b"%ED%A0%80=%ED%A0%80&identifier=%ED%A0%80", FORM),
        (b"&&&===&%%%", FORM),
        (b'{"identifier": "ann@example.com"}', "application/json"),
        (b"<identifier/>", "text/xml"),
        (b"identifier=ann", "no-kind"),
        (b"identifier=ann", ""),
        (b"not a multipart body", "multipart/form-data; boundary=x"),
        (b"--x--", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"identifier=ann", "application/x-www-form-urlencoded; charset=no-such"),
        (
            urlencode({f"f{n}": "" for n in range(5000)}).encode(),
            FORM,
        ),
    ],
)
@pytest.mark.parametrize("name", ["login", "verify", "resend", "logout"])
def test_body_that_is_no_form(name: str, body: bytes, kind: str, half_way: Browser) -> None:
    response = half_way.client.generic("POST", reverse(f"pwdless:{name}"), body, kind)
    assert response.status_code in (200, 302, 400, 429)


@pytest.mark.parametrize("name", ["login", "verify", "identities"])
@pytest.mark.parametrize("key", ['"\\000aaaaaaaaa"', "a" * 5000, "\\377" * 40, "' OR 1=1 --", "x"])
def test_session_cookie_of_nobody(key: str, name: str, browser: Browser) -> None:
    # threat 36: the first one spells NUL, which PostgreSQL refuses to look for
    headers = {"cookie": f"sessionid={key}"}
    answer = browser.client.get(reverse(f"pwdless:{name}"), headers=headers)
    assert answer.status_code in (200, 302)
    assert headers_of(answer) == HEADERS


def test_file_where_text_belongs(half_way: Browser) -> None:
    upload = io.BytesIO(b"123456")
    upload.name = "code.txt"
    answer = half_way.client.post(reverse("pwdless:verify"), {"code": upload})
    assert answer.status_code == 200


def test_field_sent_twice(half_way: Browser) -> None:
    body = urlencode([("code", "x"), ("code", half_way.code)])
    response = half_way.client.post(reverse("pwdless:verify"), body, content_type=FORM)
    assert outcome(response) == (302, reverse("home"))


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "12345x", "1" * 5000, "\0", "１２３", "½½½½½½", "-", " "]
)
def test_code_of_the_wrong_shape_reaches_nobody(code: str, half_way: Browser) -> None:
    page = half_way.answer(code)
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["code"])
    assert page.context["tries_left"] is None
    assert [call.path for call in half_way.tenant.requests] == [START]


@pytest.mark.parametrize("language", ["de", "ar", "xx", "de-DE,de;q=0.9", "*", "\0", "a" * 5000])
def test_odd_languages_are_no_500(language: str, half_way: Browser, settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    headers = {"accept-language": language}
    page = half_way.client.get(reverse("pwdless:verify"), headers=headers)
    assert page.status_code == 200


def test_page_without_a_base_of_ours(half_way: Browser, settings: Any) -> None:
    """A site's own base.html needs nothing but the four blocks."""
    blocks = "".join(
        f"{{% block {name} %}}{{% endblock %}}"
        for name in ("title", "extra_head", "content", "extra_body")
    )
    loader = ("django.template.loaders.locmem.Loader", {"django_pwdless/base.html": blocks})
    (engine,) = settings.TEMPLATES
    options = {
        **engine["OPTIONS"],
        "loaders": [loader, "django.template.loaders.app_directories.Loader"],
    }
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]
    for name in ("login", "verify", "logged_out"):
        assert 'id="pwdless-heading"' in half_way.get(name).content.decode()


@pytest.mark.parametrize("is_installed", [True, False])
def test_site_without_messages(is_installed: bool, half_way: Browser, settings: Any) -> None:
    settings.MIDDLEWARE = [entry for entry in settings.MIDDLEWARE if "messages" not in entry]
    (engine,) = settings.TEMPLATES
    processors = [
        entry for entry in engine["OPTIONS"]["context_processors"] if "messages" not in entry
    ]
    settings.TEMPLATES = [{**engine, "OPTIONS": {"context_processors": processors}}]
    if not is_installed:
        apps = [app for app in settings.INSTALLED_APPS if app != "django.contrib.messages"]
        settings.INSTALLED_APPS = [app for app in apps if "contrib.admin" not in app]
        settings.ROOT_URLCONF = OwnUrls
    assert outcome(half_way.post("resend")) == (302, reverse("pwdless:verify"))
    assert half_way.answer().status_code == 302
    assert outcome(half_way.get("verify")) == (302, reverse("pwdless:login"))
    assert half_way.get("login", next="/in/").status_code == 200


class OwnUrls:
    """The site without the admin."""

    from tests.urls import urlpatterns as _all

    urlpatterns = _all[:2]


class SiteHook:
    """A site's subclass that decides by itself where people go on."""

    def get_success_url(self) -> str:
        return "/chosen/"


class SiteDefault:
    """A site's subclass with a default of its own."""

    next_page = "/default/"


class SiteHosts:
    """A site's subclass that leads to another host of the site's."""

    success_url_allowed_hosts = {"other.example"}


def swapped(mixin: type) -> type:
    """Return a URLconf whose views are subclasses of ours."""
    pages = []
    for url in urls.urlpatterns[:9]:
        callback: Any = url.callback
        view = callback.view_class
        subclass: Any = type(f"Site{view.__name__}", (mixin, view), {})
        pages.append(path(f"accounts/{url.pattern}", subclass.as_view()))
    return type("Urls", (), {"urlpatterns": [*pages, *OwnUrls.urlpatterns]})


@pytest.mark.parametrize(
    ("mixin", "next_url", "target"),
    [
        (SiteHook, "", "/chosen/"),
        (SiteHook, "/in/", "/chosen/"),
        (SiteDefault, "", "/default/"),
        (SiteDefault, "/in/", "/in/"),
        (SiteHosts, "http://other.example/in/", "http://other.example/in/"),
        (SiteHosts, "http://evil.example/in/", None),
    ],
)
def test_hooks_of_a_subclass(
    mixin: type, next_url: str, target: str | None, browser: Browser, settings: Any
) -> None:
    settings.ROOT_URLCONF = swapped(mixin)
    assert browser.sign_in(next=next_url)["Location"] == (target or "/")
    if mixin is SiteDefault:
        assert browser.get("login")["Location"] == "/default/"
    logged_out = reverse("pwdless:logged_out")
    assert browser.post("logout", next=next_url)["Location"] == (target or logged_out)


def test_context_of_a_subclass_is_on_its_problem_pages_too(
    half_way: Browser, settings: Any
) -> None:
    settings.ROOT_URLCONF = swapped(type("Themed", (), {"extra_context": {"theme": "harbour"}}))
    assert half_way.get("verify").context["theme"] == "harbour"
    half_way.tenant.fail(TOKEN, "server_error")
    assert half_way.answer().context["theme"] == "harbour"


def test_no_transaction_stays_open_while_auth0_answers() -> None:
    for pattern in urls.urlpatterns:
        # Of databases that only other settings have, too.
        outside = getattr(pattern.callback, "_non_atomic_requests", ())
        assert "default" in outside and "replica" in outside
