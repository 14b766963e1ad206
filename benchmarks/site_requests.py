"""Requests of people half-way through a login, and their way into the site.

They go straight into the site's WSGI application: all of Django runs, and nothing else does. A
server would cost every variant the same, and so make their ratios look better than they are.
"""

from __future__ import annotations

import io
import itertools
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.wsgi import get_wsgi_application
from tenant import Tenant

from django_pwdless.conf import conf

HOST = "site.example"
# Globally routable, so that Auth0 is told of it, as it is for real people.
ADDRESS = "9.9.9.9"
# More than are ever half-way at the same time.
PEOPLE = 400

Environ = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in before."""

    pk: int
    email: str


class Site:
    """The site in this process, and the people who come back to it."""

    def __init__(self, tenant: Tenant) -> None:
        self._application = get_wsgi_application()
        self._tenant = tenant
        self._people = _returning_people(tenant)

    def send(self, environ: Environ) -> dict[str, str]:
        """Have a request answered, and return the cookies set; raises unless it is redirected."""
        started: list[Any] = []
        body = self._application(environ, lambda *answer: started.extend(answer))
        text = b"".join(body)
        body.close()
        status, headers = started
        if not status.startswith("302"):
            raise RuntimeError(f"{environ['PATH_INFO']} answered {status}: {text!r}")
        cookies = SimpleCookie("; ".join(value for name, value in headers if name == "Set-Cookie"))
        return {name: morsel.value for name, morsel in cookies.items()}

    def second_step(self, path: str) -> Environ:
        """Have a code sent to the next person, and return the request that brings it back.

        The fields are the same for every variant, whichever of them it reads.
        """
        person = next(self._people)
        cookies = {"csrftoken": secrets.token_hex(16)}
        fields = {"identifier": person.email, "method": "email-code", "pk": str(person.pk)}
        cookies |= self.send(_post("/accounts/login/", fields, cookies))
        return _post(path, {**fields, "code": self._tenant.code(person.email)}, cookies)


def _returning_people(tenant: Tenant) -> Iterator[Person]:
    """Return people with an account at both ends, in turn and for ever."""
    model = get_user_model()
    names = [f"person{number}" for number in range(PEOPLE)]
    users = model.objects.bulk_create(
        model(username=name, email=f"{name}@example.com", password="!") for name in names
    )
    identity = apps.get_model("django_pwdless", "Identity")
    identity.objects.bulk_create(
        identity(user=user, issuer=conf.issuer, subject=tenant.add_person(user.email))
        for user in users
    )
    return itertools.cycle([Person(user.pk, user.email) for user in users])


def _post(path: str, fields: Mapping[str, str], cookies: Mapping[str, str]) -> Environ:
    """Return a browser's POST over HTTPS, as a WSGI server hands it over."""
    body = urlencode({**fields, "csrfmiddlewaretoken": cookies["csrftoken"]}).encode()
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": HOST,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": ADDRESS,
        "HTTP_HOST": HOST,
        "HTTP_ORIGIN": f"https://{HOST}",
        "HTTP_ACCEPT": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
        "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.5",
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
