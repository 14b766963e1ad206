"""A person's browser at Auth0's own pages: they press links and fill in forms there."""

from __future__ import annotations

import re
from typing import Any

import requests

from django_pwdless.localtenant import LocalTenant

from .browser import ANN

SITE = "http://testserver"


def press(tenant: LocalTenant, link: str) -> str:
    """Press a link at the tenant; return the path on the site that it leads back to."""
    with requests.Session() as session:
        answer = session.get(link, allow_redirects=False, timeout=5)
    return on_site(answer)


def press_mailed_link(tenant: LocalTenant, to: str = ANN) -> str:
    """Press the newest link mailed to an address."""
    link = tenant.inbox.latest(to).link
    assert link is not None
    return press(tenant, link)


def log_in_hosted(tenant: LocalTenant, address: str, identifier: str = ANN) -> str:
    """Go through Universal Login with a code, and a second factor if asked."""
    with requests.Session() as session:
        page = session.get(address, timeout=5)
        key = re.search(r'name="state" value="([^"]+)"', page.text)
        assert key is not None, page.text

        def submit(action: str, value: str) -> requests.Response:
            fields = {"state": key[1], "action": action, action: value}
            url = f"{tenant.domain}/u/login"
            return session.post(url, data=fields, allow_redirects=False, timeout=5)

        submit("identifier", identifier)
        answer = submit("code", str(tenant.inbox.latest(identifier).code))
        if answer.headers["Location"].startswith("/u/"):
            answer = submit("mfa", str(tenant.inbox.latest().code))
    return on_site(answer)


def on_site(answer: Any) -> str:
    location: str = answer.headers["Location"]
    assert location.startswith(SITE), location
    return location.removeprefix(SITE)


def cancel_hosted(tenant: LocalTenant, address: str) -> str:
    """Give up on the first page of Universal Login."""
    with requests.Session() as session:
        page = session.get(address, timeout=5)
        key = re.search(r'name="state" value="([^"]+)"', page.text)
        assert key is not None, page.text
        fields = {"state": key[1], "action": "cancel"}
        answer = session.post(
            f"{tenant.domain}/u/login", data=fields, allow_redirects=False, timeout=5
        )
    return on_site(answer)
