"""A front end of the JSON: a page in a browser, or a native app. Each answer is held to OpenAPI."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.test import Client
from jsonschema_rs import Draft202012Validator

from django_pwdless.headless.openapi import document
from django_pwdless.headless.sessions.tokens import session_of
from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN

PREFIX = {"browser": "/api/", "app": "/app/"}
PROBLEM = "application/problem+json"
TOKEN = "X-Session-Token"


class FrontEnd:
    """One person's front end; ``kind`` is ``browser`` or ``app``.

    It keeps what each answer gives it for the next request: cookies and CSRF token, or the session
    token.
    """

    def __init__(self, kind: str, tenant: LocalTenant, **options: Any) -> None:
        self.kind, self.tenant = kind, tenant
        self.client = Client(enforce_csrf_checks=True, **options)
        self.csrf_token = self.session_token = ""
        self.identifier = ANN

    @property
    def headers(self) -> dict[str, str]:
        if self.kind == "browser":
            return {"X-CSRFToken": self.csrf_token} if self.csrf_token else {}
        return {TOKEN: self.session_token} if self.session_token else {}

    def send(self, method: str, path: str, body: Any = b"", **headers: str) -> Any:
        """Send any bytes; return the answer with its JSON as ``data``."""
        content_type = headers.pop("content_type", "application/json")
        response: Any = self.client.generic(
            method,
            PREFIX[self.kind] + path,
            body,
            content_type=content_type,
            headers={**self.headers, **headers},
        )
        response.data = json.loads(response.content)
        self.check(method, path, response)
        self.csrf_token = response.data.get("csrf_token") or self.csrf_token
        if "session_token" in response.data:
            self.session_token = response.data["session_token"] or ""
        return response

    def get(self, path: str = "login/") -> Any:
        """Open a session's state, or a list, as a page does that is loaded anew."""
        return self.send("GET", path)

    def post(self, path: str, **members: Any) -> Any:
        """Send an object; a page has looked at the state before."""
        if self.kind == "browser" and not self.csrf_token:
            self.get()
        return self.send("POST", path, json.dumps(members).encode())

    def delete(self, path: str) -> Any:
        return self.send("DELETE", path)

    def check(self, method: str, path: str, response: Any) -> None:
        """Hold an answer to what every one must be, and to the document."""
        assert response.headers["Cache-Control"] == "no-store, private"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert response.headers["X-Frame-Options"] == "DENY"
        is_problem = response.status_code != 200
        wanted = PROBLEM if is_problem else "application/json"
        assert response.headers["Content-Type"] == wanted
        if self.kind == "app":
            assert not response.cookies
        if is_problem:
            assert response.data["status"] == response.status_code
            waits = response.data["retry_after"]
            assert response.headers.get("Retry-After") == (None if waits is None else str(waits))
        validator = validator_of(self.kind, method, path, response.status_code)
        if validator is not None:
            validator.validate(response.data)

    # What a person does.

    def ask(self, identifier: str = ANN, **members: Any) -> Any:
        """Have a message sent."""
        self.identifier = identifier
        return self.post("login/", identifier=identifier, **members)

    @property
    def code(self) -> str:
        """The newest code that was sent to the address typed last."""
        return str(self.tenant.inbox.latest(self.identifier).code)

    @property
    def sent_code(self) -> str:
        """The newest code that was sent to anybody."""
        return str(self.tenant.inbox.latest().code)

    @property
    def wrong_code(self) -> str:
        return f"{(int(self.code) + 1) % 1_000_000:06}"

    def answer(self, code: str | None = None) -> Any:
        return self.post("login/code/", code=self.code if code is None else code)

    def sign_in(self, identifier: str = ANN) -> Any:
        self.ask(identifier)
        return self.answer()

    def choose(self, factor: str) -> Any:
        """Choose the second factor of this kind."""
        choices = self.get().data["authenticators"]
        (found,) = (each["id"] for each in choices if each["factor"] == factor)
        return self.post("login/factor/", authenticator=found)

    @property
    def session(self) -> Any:
        """What the site remembers of this front end."""
        if self.kind == "browser":
            return self.client.session
        return session_of(self.session_token) or {}

    @property
    def user_id(self) -> str | None:
        value: str | None = self.session.get(SESSION_KEY)
        return value


def state_in(response: Any) -> dict[str, Any]:
    """The state of an answer, also of a problem."""
    data: dict[str, Any] = response.data
    state: dict[str, Any] = data.get("login", data)
    return state


@cache
def whole_document(kind: str) -> dict[str, Any]:
    return document(kind)


@cache
def validator_of(kind: str, method: str, path: str, status: int) -> Any:
    """What an answer must be; None for a method that the path does not have."""
    whole = whole_document(kind)
    operation = operation_at(whole, method, path)
    if operation is None:
        assert status in (405, 401, 403), "what is not declared is refused"
        return None
    response = operation["responses"].get(str(status))
    assert response is not None, f"{kind}: {method} {path} answers {status}, which is undeclared"
    if "$ref" in response:
        response = whole["components"]["responses"][str(status)]
    ((content_type, media),) = response["content"].items()
    assert content_type == (PROBLEM if status != 200 else "application/json")
    schema = {**media["schema"], "components": whole["components"]}
    return Draft202012Validator(schema)


def operation_at(whole: dict[str, Any], method: str, path: str) -> Any:
    for template, methods in whole["paths"].items():
        if re.fullmatch(re.sub(r"\{pk\}", "[0-9]+", template), f"/{path}"):
            return methods.get("get" if method == "HEAD" else method.lower())
    return None
