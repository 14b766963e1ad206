"""One person's browser: the steps of a login, as a person takes them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant

ANN = "ann@example.com"
BEN = "ben@example.com"
NUMBER = "+4915123456789"

FORM = "application/x-www-form-urlencoded"

START = "/passwordless/start"
TOKEN = "/oauth/token"
KEYS = "/.well-known/jwks.json"
LIST, CHALLENGE, ASSOCIATE = "/mfa/authenticators", "/mfa/challenge", "/mfa/associate"


class Person:
    """Who signs in at the site; ``tenant`` is where their messages come from."""

    def __init__(self, tenant: LocalTenant) -> None:
        self.tenant = tenant
        self.identifier = ANN

    def get(self, name: str, **query: Any) -> Any:
        """Open a page of the app."""
        raise NotImplementedError

    def post(self, name: str, **fields: Any) -> Any:
        """Send a form of the app."""
        raise NotImplementedError

    def ask(self, identifier: str = ANN, **fields: Any) -> Any:
        """Type an address, and have a code sent there."""
        self.identifier = identifier
        return self.post("login", identifier=identifier, **fields)

    @property
    def code(self) -> str:
        """The newest code that was sent to the address typed last."""
        code = self.tenant.inbox.latest(self.identifier).code
        assert code is not None
        return code

    @property
    def wrong_code(self) -> str:
        """A code of the right shape that was not sent."""
        return f"{(int(self.code) + 1) % 1_000_000:06}"

    def answer(self, code: str | None = None, **fields: Any) -> Any:
        """Type a code: the one that was sent, unless another is given."""
        return self.post("verify", code=self.code if code is None else code, **fields)

    def sign_in(self, identifier: str = ANN, **fields: Any) -> Any:
        """Ask for a code and type it."""
        self.ask(identifier, **fields)
        return self.answer()

    def choose(self, prefix: str) -> Any:
        """Choose the second factor whose id begins so."""
        choices = self.get("mfa").context["authenticators"]
        (found,) = (choice.id for choice in choices if choice.id.startswith(f"{prefix}|"))
        return self.post("mfa", authenticator=found)


class Browser(Person):
    """A browser of Django's, which takes ``options``."""

    def __init__(self, tenant: LocalTenant, **options: Any) -> None:
        super().__init__(tenant)
        self.client = Client(**options)

    def get(self, name: str, **query: Any) -> Any:
        return self.client.get(reverse(f"pwdless:{name}"), query)

    def post(self, name: str, **fields: Any) -> Any:
        """Send it as a browser does."""
        body = urlencode(fields, doseq=True)
        return self.client.post(reverse(f"pwdless:{name}"), body, content_type=FORM)

    @property
    def user_id(self) -> str | None:
        """Primary key of who is signed in."""
        value: str | None = self.client.session.get(SESSION_KEY)
        return value

    @property
    def is_asked_for_code(self) -> bool:
        """Whether this browser has a login half-way, waiting for its code."""
        return bool(self.get("verify").status_code == 200)

    @property
    def session_key(self) -> str | None:
        """The value of the session cookie."""
        cookie = self.client.cookies.get("sessionid")
        return cookie.value if cookie and cookie.value else None


def sent(tenant: LocalTenant) -> int:
    """How many messages Auth0 was asked to send."""
    return len(tenant.calls(START))


def tried(tenant: LocalTenant) -> int:
    """How many codes Auth0 was asked about."""
    return len(tenant.calls(TOKEN))


def outcome(response: Any) -> tuple[int, str | None]:
    """The status of an answer, and its problem page's outcome or where it leads."""
    context = response.context
    name = context.get("outcome") if context is not None else None
    return response.status_code, name or response.headers.get("Location")


def describe(response: Any) -> tuple[int, dict[str, str], list[str], str]:
    """All that tells an answer from another one, but for what is random in each."""
    page = re.sub(r'(?<=name="csrfmiddlewaretoken" value=")\w+', "", response.content.decode())
    return response.status_code, dict(response.headers), sorted(response.cookies), page
