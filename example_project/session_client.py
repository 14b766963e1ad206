"""A native app in the terminal that signs in by the site's own JSON, with a session token.

It needs nothing of Auth0: the site does the calls, and asks what the pages ask. It never counts
steps: each answer holds the whole state, and ``ANSWERS`` says what to do at each. A real app keeps
the token in the keychain; this one forgets it when it ends. ``native_client.py`` is the other kind.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import requests

from native_client import TIMEOUT, show

HEADER = "X-Session-Token"
State = dict[str, Any]


class SessionApp:
    """Signs in at ``site``, where the JSON for apps is included; ``state`` is the newest one."""

    def __init__(self, site: str) -> None:
        self.site = site if site.endswith("/") else f"{site}/"
        self.http = requests.Session()
        self.state: State = {}
        self._token: str | None = None

    def call(self, method: str, path: str, **members: Any) -> State:
        """Ask for one operation; return the whole answer, which may be a problem."""
        body = members if method == "POST" else None
        url = f"{self.site}{path}"
        answer = self.http.request(method, url, json=body, headers=self._headers, timeout=TIMEOUT)
        data: State = answer.json()
        # Whatever the answer: the older token is over where there is a newer one.
        self._token = data.get("session_token", self._token)
        self.state = data.get("login", data)
        return data

    def call_api(self, url: str) -> requests.Response:
        """Call the site's own API."""
        return self.http.get(url, headers=self._headers, timeout=TIMEOUT)

    @property
    def _headers(self) -> dict[str, str]:
        return {HEADER: self._token} if self._token else {}


def identify(app: SessionApp, email: str) -> State:
    return app.call("POST", "login/", identifier=email)


def type_code(app: SessionApp, email: str) -> State:
    return app.call("POST", "login/code/", code=input("The code that was sent: "))


def choose(app: SessionApp, email: str) -> State:
    for number, one in enumerate(app.state["authenticators"]):
        print(f"{number}: {one['label']} {one['hint']}")
    chosen = app.state["authenticators"][int(input("Which one? "))]
    return app.call("POST", "login/factor/", authenticator=chosen["id"])


def enroll(app: SessionApp, email: str) -> State:
    names = [one["factor"] for one in app.state["factors"]]
    return app.call("POST", "login/factor/enroll/", factor=input(f"One of {', '.join(names)}: "))


def answer(app: SessionApp, email: str) -> State:
    if secret := app.state.get("secret"):
        print(f"Key for the authenticator app: {secret}", flush=True)
    return app.call("POST", "login/factor/answer/", code=input("The second code: "))


def wait(app: SessionApp, email: str) -> State:
    time.sleep(app.state["interval"])
    return app.call("POST", "login/factor/poll/")


def keep(app: SessionApp, email: str) -> State:
    print("Recovery codes:", *app.state["recovery_codes"])
    return app.call("POST", "login/recovery-codes/")


ANSWERS: dict[str, Callable[[SessionApp, str], State]] = {
    "identify": identify,
    "code": type_code,
    "choose_factor": choose,
    "enroll_factor": enroll,
    "answer_factor": answer,
    "wait_for_push": wait,
    "recovery_codes": keep,
}


def sign_in(app: SessionApp, email: str) -> bool:
    """Go on from step to step until somebody is signed in; False where the site says no."""
    app.call("GET", "login/")
    while app.state["step"] != "signed_in":
        came = ANSWERS[app.state["step"]](app, email)
        if problem := came.get("outcome"):
            print(f"The site said no ({problem}): {came.get('title')} {came.get('detail')}")
            # A wrong code can be typed again.
            if problem != "invalid" or app.state["step"] == "identify":
                return False
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    app = SessionApp(options.site)
    with app.http:
        if not sign_in(app, options.email):
            return 1
        print(f"Signed in as {app.state['user']['name']}.")
        show(app.call_api(options.api))
        labels = [one["label"] for one in app.call("GET", "identities/")["identities"]]
        print(f"Sign-in methods: {', '.join(labels)}")
        app.call("POST", "logout/")
        print("Signed out.")
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Sign in by the site's JSON, and call its API.")
    parser.add_argument("email")
    for name, variable, default in (
        ("--site", "APP_URL", "http://127.0.0.1:8000/app/"),
        ("--api", "READER_URL", "http://127.0.0.1:8000/api/reader/"),
    ):
        usual = os.environ.get(variable, default)
        parser.add_argument(name, default=usual, help=f"{variable}, else {default}")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
