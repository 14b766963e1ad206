"""Every endpoint by every method in every state of a session; the table is the URLconfs' own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from django_pwdless import urls as pages
from django_pwdless.headless.operations import FRESH, OPERATIONS, SIGNED_IN, Operation
from django_pwdless.headless.sessions.tokens import HEADER, token_of
from django_pwdless.headless.urls import app, browser
from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import Browser

from .guarantees import Moment, check_session
from .pages import HEADERS
from .sessions import STATES, copied, in_state, taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What is sent: in the right form, and wrong.
VALUES: dict[str, str] = {
    "identifier": "zoe@example.com",
    "code": "000000",
    "authenticator": "totp|dev_2",
    "factor": "otp",
    "method": "email-code",
    "logout_token": "nonsense",
}
IN_PATHS = {"pk": 1, "id": "totp|dev_2"}
CODE = {"code", "text", "adding", "confirming"}
CHOICE = {"choice", "app", "sms", "push", "recovery"}
CHALLENGED = CHOICE - {"choice"}
SETTING_UP = {"enroll", "enroll_app", "enroll_phone", "enroll_push"}
OWN = {"factor_app", "factor_phone", "factor_push"}
SETTLED = {
    *("signed_in", "adding", "confirming", "stale", "stepping_up", "proving", "factors"),
    *("codes_to_save", "another_version", *OWN),
}
STALE = {"stale", "another_version"}
# In which states a step of the JSON is there; in all others it is missing.
STEPS = {
    # A code ends a login that was begun by a link, too.
    "login/code/": {*CODE, "link"},
    "login/resend/": {*CODE, "link", "sms", "push", "enroll_phone", "enroll_push"}
    | {"factor_phone", "factor_push"},
    "login/factor/": CHOICE | SETTING_UP,
    "login/factor/answer/": {"app", "sms", "recovery", "enroll_app", "enroll_phone"}
    | {"factor_app", "factor_phone"},
    "login/factor/enroll/": SETTING_UP,
    "login/recovery-codes/": {"codes_to_save"},
}
# Pages that ask for somebody who is signed in.
ACCOUNT = {
    *("identities", "identity_add", "identity_remove", "sign_ins", "sign_ins_end_others"),
    *("sign_in_end", "factors", "factors_refresh", "factor_add", "factors_done", "factor_remove"),
}
# Which may end what the session is signed in by.
ENDING = {"logout", "sign_in_end"}
JSON_ENDING = {"logout/", "sign-ins/<int:pk>/"}


def kwargs_of(route: str) -> dict[str, Any]:
    return {name: value for name, value in IN_PATHS.items() if f":{name}>" in route}


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def prepared_one(everything_on: None, tenant: LocalTenant, state: str) -> Browser:
    """A browser whose session is in that state."""
    return in_state(state, tenant)


def watched(tenant: LocalTenant, visitor: Browser, method: str, act: Any) -> Any:
    """Do it, see that it does what any request may, and take it back."""
    browser = copied(visitor, tenant)
    before = Moment.of(tenant, browser)
    with taken_back():
        answer = act(browser.client)
        after = Moment.of(tenant, browser)
        check_session(tenant, after)
    calls = Counter(call.path for call in tenant.requests[before.calls :])
    assert max(calls.values(), default=0) <= 1, calls
    assert method == "POST" or not calls, calls
    assert after.messages - before.messages <= (method == "POST")
    assert answer.status_code < 500
    if answer.status_code != 404 or "json" in answer["Content-Type"]:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    return answer, before, after


@pytest.mark.parametrize("method", METHODS)
def test_pages(method: str, state: str, prepared_one: Browser, tenant: LocalTenant) -> None:
    for pattern in pages.urlpatterns:
        name, route = str(pattern.name), str(pattern.pattern)
        path = reverse(f"pwdless:{name}", kwargs=kwargs_of(route))

        def act(client: Client, path: str = path) -> Any:
            send = getattr(client, method.lower())
            return send(path, VALUES) if method == "POST" else send(path)

        answer, before, after = watched(tenant, prepared_one, method, act)
        if name in ACCOUNT and state not in SETTLED:
            assert "/login/" in answer["Location"] or answer.status_code == 405, name
        elif method not in ("GET", "HEAD", "POST", "OPTIONS"):
            assert answer.status_code in (302, 405), name
        if answer.status_code == 405 and state != "ended":
            assert after.session == before.session
        assert answer.status_code != 400 or name in ("callback", "backchannel_logout"), name
        if name not in ENDING and state != "ended":
            assert after.user == before.user


def operations_of(route: str) -> Iterator[Operation]:
    return (each for each in OPERATIONS if each.path == route)


def is_allowed(operation: Operation, state: str, answer: Any) -> bool:
    """Whether the status is the one that this state asks for."""
    who = answer.status_code, answer.json().get("outcome")
    if operation.who in (SIGNED_IN, FRESH) and state not in SETTLED:
        return who == (401, "signed_out")
    if operation.who == FRESH and state in STALE:
        return who == (403, "reconfirm")
    if operation.path in STEPS and state not in STEPS[operation.path]:
        return who == (409, "step_missing")
    return answer.status_code in (200, 400, 404, 409, 429)


@pytest.mark.parametrize("door", ["browser", "app"])
@pytest.mark.parametrize("method", METHODS)
def test_json(
    method: str, door: str, state: str, prepared_one: Browser, tenant: LocalTenant
) -> None:
    conf = {"browser": browser, "app": app}[door]
    token = token_of(prepared_one.client.session) if prepared_one.session_key else None
    headers = {HEADER: token} if door == "app" and token else {}
    for pattern in conf.urlpatterns:
        route = str(pattern.pattern)
        path = reverse(f"pwdless_{door}:{pattern.name}", kwargs=kwargs_of(route))
        operation = next((each for each in operations_of(route) if each.method == method), None)
        members = [member.name for member in operation.body] if operation else []
        body = json.dumps({name: VALUES[name] for name in members if name in VALUES})

        def act(client: Client, path: str = path, body: str = body) -> Any:
            used = Client() if door == "app" else client
            return used.generic(method, path, body, "application/json", headers=headers)

        answer, before, after = watched(tenant, prepared_one, method, act)
        if method == "HEAD":
            assert answer.status_code in (200, 401, 405)
        elif door == "app" and state == "ended":
            assert (answer.status_code, answer.json()["outcome"]) == (401, "session_gone")
        elif operation is None:
            assert answer.status_code == 405
        else:
            assert is_allowed(operation, state, answer), (route, answer.content)
        if route not in JSON_ENDING and state != "ended":
            assert after.user == before.user
