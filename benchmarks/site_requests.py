"""Requests of people half-way through a login, and their way into the site.

They go straight into the site's WSGI application: all of Django runs, and nothing else does. A
server would cost every variant the same, and so make their ratios look better than they are.
"""

from __future__ import annotations

import io
import itertools
import json
import secrets
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.wsgi import get_wsgi_application
from tenant import Tenant
from wsgi import Environ, Headers, outcome_of

from django_pwdless.conf import conf
from django_pwdless.localtenant.people.totp import code_of, step_at

HOST = "site.localhost"
# Globally routable, so that Auth0 is told of it, as it is for real people.
ADDRESS = "9.9.9.9"
# As many as can be half-way at the same time.
PEOPLE = 500
HOME = "/"
CODE_PAGE = "/accounts/verify/"
APP_PAGE = "/accounts/mfa/challenge/"
# Where a front end sends its JSON.
JSON = "/json/"
# Where a request keeps what its answer must be: an address that it leads to, or else a status.
EXPECTED = "benchmark.expected"

Fields = dict[str, str]


@dataclass
class Browser:
    """A browser half-way through a login; ``person`` is who uses it, as the tenant knows them.

    Each request brings all ``fields``, the same for all variants, whichever of them they read.
    """

    person: dict[str, Any]
    fields: Fields
    cookies: Fields = field(default_factory=lambda: {"csrftoken": secrets.token_hex(16)})

    @property
    def email(self) -> str:
        """The address that codes and links go to."""
        return str(self.person["email"])

    def take_cookies(self, headers: Headers) -> None:
        """Keep the cookies of an answer."""
        for cookies in (SimpleCookie(value) for name, value in headers if name == "Set-Cookie"):
            self.cookies |= {name: morsel.value for name, morsel in cookies.items()}

    def get(self, path: str, expected: str, **fields: str) -> Environ:
        """Return a GET over HTTPS, as a WSGI server hands it over."""
        query = urlencode({**self.fields, **fields})
        return {**self._request("GET", path, query, b""), EXPECTED: expected}

    def come(self, url: str, expected: str) -> Environ:
        """Return a GET of an address of the site that somebody was sent to."""
        parts = urlsplit(url)
        return {**self._request("GET", parts.path, parts.query, b""), EXPECTED: expected}

    def post(self, path: str, expected: str, **fields: str) -> Environ:
        """Return a POST over HTTPS, as a WSGI server hands it over."""
        token = self.cookies["csrftoken"]
        body = urlencode({**self.fields, **fields, "csrfmiddlewaretoken": token})
        return {**self._request("POST", path, "", body.encode()), EXPECTED: expected}

    def post_json(self, path: str, expected: str, **members: str) -> Environ:
        """Return a POST of JSON, as a front end in the browser sends it."""
        request = self._request("POST", path, "", json.dumps(members).encode())
        more = {"CONTENT_TYPE": "application/json", "HTTP_X_CSRFTOKEN": self.cookies["csrftoken"]}
        return {**request, **more, EXPECTED: expected}

    def _request(self, method: str, path: str, query: str, body: bytes) -> Environ:
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
            "CONTENT_LENGTH": str(len(body)) if body else "",
            "SERVER_NAME": HOST,
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": ADDRESS,
            "HTTP_HOST": HOST,
            "HTTP_ORIGIN": f"https://{HOST}",
            "HTTP_ACCEPT": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
            "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.5",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }


class Site:
    """The site in this process, and the people who come back to it."""

    def __init__(self, tenant: Tenant) -> None:
        self._application = get_wsgi_application()
        self._tenant = tenant
        self._people = itertools.cycle(_known_people(tenant))

    def answer(self, environ: Environ) -> Headers:
        """Have a request answered as expected, and return the headers; raises otherwise."""
        outcome, headers = outcome_of(self._application, environ)
        if outcome != environ[EXPECTED]:
            raise RuntimeError(f"{environ['PATH_INFO']} led to {outcome}")
        return headers

    def begin(self, browser: Browser, path: str, *, by_form: bool) -> str:
        """Have a login begun that leads to Auth0, and return where."""
        request = browser.post(path, "") if by_form else browser.come(path, "")
        way, headers = outcome_of(self._application, request)
        browser.take_cookies(headers)
        return way

    def _submit(self, browser: Browser, path: str, expected: str, **fields: str) -> None:
        """Send a form, and keep the cookies that come back."""
        browser.take_cookies(self.answer(browser.post(path, expected, **fields)))

    def login_page(self, path: str) -> Environ:
        """Return a request for the first page, of somebody who was here before."""
        return self._browser("email-code").get(path, "200 OK")

    def code_page(self, path: str) -> Environ:
        """Return a request for the page that a code is typed on."""
        return self._half_way("email-code").get(path, "200 OK")

    def typed_address(self, path: str) -> Environ:
        """Return a request to send somebody a code."""
        browser = self._browser("email-code")
        if path.startswith(JSON):
            return browser.post_json(path, "200 OK", identifier=browser.email, method="email-code")
        return browser.post(path, CODE_PAGE)

    def typed_code(self, path: str) -> Environ:
        """Return a request that brings the code mailed to somebody."""
        browser = self._half_way("email-code")
        code = self._tenant.message(browser.email)["code"]
        if path.startswith(JSON):
            return browser.post_json(path, "200 OK", code=code)
        return browser.post(path, HOME, code=code)

    def pressed_link(self, path: str) -> Environ:
        """Return the request that somebody makes by pressing the link mailed to them."""
        browser = self._half_way("email-link")
        query = self._tenant.press(self._tenant.message(browser.email)["link"])
        return browser.get(path, HOME, **query)

    def typed_app_code(self, path: str) -> Environ:
        """Return a request that brings what an authenticator app shows, after the mailed code."""
        browser = self._half_way("email-code", "otp")
        mailed = self._tenant.message(browser.email)["code"]
        self._submit(browser, CODE_PAGE, APP_PAGE, code=mailed)
        browser.fields["mfa_token"] = _kept_mfa_token(browser)
        (app,) = browser.person["factors"]
        return browser.post(path, HOME, code=code_of(app["secret"], step_at(time.time())))

    def next_browser(self) -> Browser:
        """Return the next person's."""
        return self._browser("email-code")

    def _half_way(self, method: str, *factors: str) -> Browser:
        """Have a message sent to the next person."""
        browser = self._browser(method, *factors)
        sent = CODE_PAGE if method == "email-code" else "/accounts/sent/"
        self._submit(browser, "/accounts/login/", sent)
        return browser

    def _browser(self, method: str, *factors: str) -> Browser:
        """Return the next person's, who has these second factors from now on."""
        pk, email = next(self._people)
        person = self._tenant.put_person(email, *factors)
        return Browser(person, {"pk": str(pk), "identifier": email, "method": method})


def _kept_mfa_token(browser: Browser) -> str:
    """Return what the package alone can read, for the floors, which need it too."""
    # Its models are not there before Django is set up.
    from django_pwdless.session.pending_login import PENDING_KEY
    from django_pwdless.session.stored import unseal

    session = SessionStore(browser.cookies[settings.SESSION_COOKIE_NAME])
    sealed = unseal(session[PENDING_KEY])["mfa"]
    return str(unseal(sealed)["mfa_token"])


def _known_people(tenant: Tenant) -> list[tuple[int, str]]:
    """Return primary key and address of people who have an account here and at the tenant."""
    model = get_user_model()
    users = model.objects.bulk_create(
        model(username=f"person{number}", email=f"person{number}@example.com", password="!")
        for number in range(PEOPLE)
    )
    identity = apps.get_model("django_pwdless", "Identity")
    identity.objects.bulk_create(
        identity(user=user, issuer=conf.issuer, subject=tenant.put_person(user.email)["sub"])
        for user in users
    )
    return [(user.pk, user.email) for user in users]
