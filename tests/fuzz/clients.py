"""Front ends that speak JSON: a page of somebody's browser, and a native app."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from django_pwdless.headless.sessions.tokens import CONTEXT, HEADER
from django_pwdless.session.stored import seal, unseal
from tests.journeys.browser import Browser

KIND = "application/json"


class App(Browser):
    """A native app: it keeps a session token, and no cookie."""

    token = ""

    @property
    def session_key(self) -> str | None:
        """The key of the session that its token stands for."""
        return unseal(self.token, context=CONTEXT) if self.token else None

    def use_key(self, key: str) -> None:
        """Take up the session of a key, as a thief of a token would."""
        self.token = seal(key, context=CONTEXT)


def speak(browser: Browser, method: str, path: str, members: dict[str, Any]) -> Any:
    """Send an operation of the JSON; an app takes the token that its answer has."""
    body = json.dumps(members) if method == "POST" else ""
    if not isinstance(browser, App):
        return browser.client.generic(method, f"/api/{path}", body, KIND)
    headers = {HEADER: browser.token} if browser.token else {}
    answer: Any = Client().generic(method, f"/app/{path}", body, KIND, headers=headers)
    assert not answer.cookies
    browser.token = answer.json().get("session_token", browser.token) or ""
    return answer
