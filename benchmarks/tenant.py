"""A local tenant over TLS, in a process of its own: its work is not the site's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.clients.client import OTP_GRANT


@dataclass(frozen=True)
class Delays:
    """Seconds that the tenant adds to each answer, and to the first one of each connection."""

    answer: float = 0
    connection: float = 0

    def __str__(self) -> str:
        more = f", {1000 * self.connection:.0f} ms a connection" if self.connection else ""
        return f"{1000 * self.answer:.0f} ms an answer{more}"


NO_DELAYS = Delays()


class Tenant:
    """The running tenant; this control counts neither as a call nor as a connection."""

    def __init__(self, url: str, ca_file: str) -> None:
        self.url = url
        self.ca_file = ca_file
        self._session = requests.Session()
        self._session.verify = ca_file
        self._session.trust_env = False
        self.settings: dict[str, Any] = self._get("")["settings"]

    def put_person(self, email: str, *factors: str) -> dict[str, Any]:
        """Add somebody, in the place of whoever had the address, and return what is known of them.

        With second factors, one of them is asked for at each login.
        """
        mfa = "challenge" if factors else None
        person: dict[str, Any] = self._post("people", email=email, factors=factors, mfa=mfa)
        return person

    def message(self, email: str) -> dict[str, Any]:
        """Return the newest message to an address."""
        messages: list[dict[str, Any]] = self._get("messages", to=email)["messages"]
        return messages[-1]

    def access_token(self, email: str, audience: str, scope: str) -> str:
        """Return a token for an API, of somebody who signs in as in a native app."""
        client = {"client_id": self.settings["CLIENT_ID"]}
        client["client_secret"] = self.settings["CLIENT_SECRET"]
        start = {"connection": "email", "send": "code", "email": email}
        self._answer_of("/passwordless/start", **client, **start)
        grant = {"grant_type": OTP_GRANT, "realm": "email", "username": email}
        grant |= {"otp": self.message(email)["code"], "audience": audience, "scope": scope}
        return str(self._answer_of("/oauth/token", **client, **grant)["access_token"])

    def _answer_of(self, path: str, **body: str) -> Any:
        return self._answer(self._session.post(self.url + path, json=body))

    def press(self, link: str) -> dict[str, str]:
        """Press a mailed link, and return the query that it leads back to the site with."""
        answer = self._session.get(link, allow_redirects=False)
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def sign_in_hosted(self, email: str) -> requests.Session:
        """Return a browser of somebody whom the tenant's own pages know from now on."""
        browser = requests.Session()
        browser.verify, browser.trust_env = self.ca_file, False
        query = {"client_id": self.settings["CLIENT_ID"], "response_type": "code"}
        query |= {"redirect_uri": "https://site.localhost/", "scope": "openid"}
        page = browser.get(f"{self.url}/authorize", params=query).text
        key = page.partition('name="state" value="')[2].partition('"')[0]
        for action in ("identifier", "code"):
            value = email if action == "identifier" else self.message(email)["code"]
            fields = {"state": key, "action": action, action: value}
            browser.post(f"{self.url}/u/login", data=fields, allow_redirects=False)
        return browser

    def delay(self, delays: Delays) -> None:
        """Be so slow from now on."""
        self._post("switches", latency=delays.answer, connection_latency=delays.connection)

    def counts(self) -> tuple[int, int]:
        """Return how many calls came in so far, and over how many connections."""
        overview = self._get("")
        return overview["requests"], overview["connections"]

    def _get(self, name: str, **query: str) -> Any:
        return self._answer(self._session.get(f"{self.url}/_tenant/{name}", params=query))

    def _post(self, name: str, **body: Any) -> Any:
        return self._answer(self._session.post(f"{self.url}/_tenant/{name}", json=body))

    def _answer(self, response: requests.Response) -> Any:
        response.raise_for_status()
        return response.json()


@contextmanager
def tenant_process() -> Iterator[Tenant]:
    """Run a tenant in another process for as long as the context lasts."""
    command = [sys.executable, __file__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            yield Tenant(**json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()


def serve_until_end_of_input() -> None:
    """Serve, and end with the process that started this one, however that ends."""
    with LocalTenant(tls=True, apis=["https://api.example.com"]) as tenant:
        tenant.switches.code_lifetime = 3600
        print(json.dumps({"url": tenant.base_url, "ca_file": tenant.ca_file}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    serve_until_end_of_input()
