"""What can be wrong with any request: each operation answers with a problem, and does nothing."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client

from django_pwdless.headless.operations import ANYBODY, OPERATIONS, Operation
from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import SignIn
from tests.journeys.browser import ANN, sent, tried

from .conftest import Configure
from .front_end import PREFIX, TOKEN, FrontEnd

pytestmark = pytest.mark.django_db

POSTS = [each for each in OPERATIONS if each.method == "POST"]


def name_of(part: Any) -> str:
    return f"{part.method} {part.path}" if isinstance(part, Operation) else str(part)[:40]


each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
each_post = pytest.mark.parametrize("operation", POSTS, ids=name_of)
STEPS = [
    *("login/code/", "login/resend/", "login/factor/", "login/factor/answer/"),
    "login/factor/enroll/",
]
BODIES = {
    "a list": b'[{"identifier": "ann@example.com"}]',
    "a string": b'"identifier"',
    "null": b"null",
    "no JSON": b"identifier=ann@example.com",
    "cut off": b'{"identifier": "ann@example.com"',
    "NaN": b'{"identifier": NaN}',
    "NaN beside": b'{"identifier": "ann@example.com", "code": "123456", "x": NaN}',
    "Infinity": b'{"x": -Infinity}',
    "twice": b'{"identifier": "ann@example.com", "code": "1", "code": "123456"}',
    "twice, inside": b'{"x": {"a": 1, "a": 2}}',
    "lone surrogate": b'{"identifier": "ann\\ud800@example.com", "code": "123456"}',
    "lone surrogate beside": b'{"identifier": "ann@example.com", "x": "\\udfff"}',
    "lone surrogate as a name": b'{"\\ud800": 1}',
    "nested": b'{"identifier": {"a": "ann@example.com"}, "x": []}',
    "deep": b'{"x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "deep alone": b"[" * 8000,
    "huge": b'{"identifier": "' + b"a" * 20_000 + b'"}',
    "huge number": b'{"x": ' + b"1" * 6000 + b"}",
    "no UTF-8": b'{"identifier": "\xff\xfe"}',
    "UTF-16": '{"identifier": "ann@example.com"}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
}

CONTENT_TYPES = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    "application/json-patch+json",
    "nonsense",
]
TOKENS = ["", "guessed", "gAAAA" + "A" * 100, "x" * 5000, "\0", "ü"]


@pytest.fixture(autouse=True)
def everything_is_offered(configure: Configure, with_sign_ins: None) -> None:
    configure(METHODS=["email-code", "email-link", "sms-code", "universal"], CUSTOMIZE_MFA=True)


def path_of(operation: Operation) -> str:
    return operation.path.replace("<int:pk>", "1")


def ask(front_end: FrontEnd, operation: Operation, body: bytes = b"", **headers: str) -> Any:
    if front_end.kind == "browser":
        front_end.get()
    return front_end.send(operation.method, path_of(operation), body, **headers)


@pytest.mark.parametrize(("what", "operation"), list(product(BODIES, POSTS)), ids=name_of)
def test_body_that_is_no_plain_object(
    what: str, operation: Operation, front_end: FrontEnd, tenant: LocalTenant
) -> None:
    response = ask(front_end, operation, BODIES[what])
    assert (response.status_code, response.data["outcome"]) == (400, "invalid")
    assert (sent(tenant), tried(tenant)) == (0, 0)


@each_post
@pytest.mark.parametrize("value", [1, 1.5, True, None, [], {}])
def test_member_of_a_wrong_type(value: Any, operation: Operation, front_end: FrontEnd) -> None:
    for member in operation.body:
        if member.is_key and value == 1 and value is not True:
            continue
        body = json.dumps({member.name: value}).encode()
        response = ask(front_end, operation, body)
        assert (response.status_code, response.data["outcome"]) == (400, "invalid")


@pytest.mark.parametrize(
    ("content_type", "operation"), list(product(CONTENT_TYPES, POSTS)), ids=name_of
)
def test_body_of_another_type(
    content_type: str, operation: Operation, front_end: FrontEnd, tenant: LocalTenant
) -> None:
    body = json.dumps({"identifier": ANN, "code": "123456"}).encode()
    response = ask(front_end, operation, body, content_type=content_type)
    assert (response.status_code, response.data["outcome"]) == (415, "invalid")
    assert (sent(tenant), tried(tenant)) == (0, 0)


@pytest.mark.parametrize("path", dict.fromkeys(each.path for each in OPERATIONS))
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_wrong_method(method: str, path: str, front_end: FrontEnd) -> None:
    allowed = [each.method for each in OPERATIONS if each.path == path]
    if method in allowed:
        return
    front_end.get()
    response = front_end.send(method, path.replace("<int:pk>", "1"))
    assert (response.status_code, response.data["outcome"]) == (405, "method_not_allowed")
    assert response.headers["Allow"] == ", ".join(allowed)


@pytest.mark.parametrize(("token", "operation"), list(product(TOKENS, OPERATIONS)), ids=name_of)
def test_token_of_no_session(token: str, operation: Operation, app: FrontEnd) -> None:
    response = app.send(operation.method, path_of(operation), **{TOKEN: token})
    assert (response.status_code, response.data["outcome"]) == (401, "session_gone")


@each_operation
def test_token_of_an_ended_session(operation: Operation, app: FrontEnd) -> None:
    app.sign_in()
    token = app.session_token
    app.post("logout/")
    response = app.send(operation.method, path_of(operation), **{TOKEN: token})
    assert (response.status_code, response.data["outcome"]) == (401, "session_gone")


@pytest.mark.parametrize("path", STEPS)
def test_step_without_a_login(path: str, front_end: FrontEnd, tenant: LocalTenant) -> None:
    response = front_end.post(path, code="123456", factor="otp", authenticator="otp|1")
    assert (response.status_code, response.data["outcome"]) == (409, "step_missing")
    assert (sent(tenant), tried(tenant)) == (0, 0)


def test_recovery_codes_that_are_not_there(front_end: FrontEnd) -> None:
    front_end.sign_in()
    response = front_end.post("login/recovery-codes/")
    assert (response.status_code, response.data["outcome"]) == (409, "step_missing")


@pytest.mark.parametrize(
    "operation",
    [each for each in OPERATIONS if each.who != ANYBODY],
    ids=name_of,
)
def test_nobody_is_signed_in(operation: Operation, front_end: FrontEnd) -> None:
    body = b'{"identifier": "ben@example.com"}' if operation.method == "POST" else b""
    response = ask(front_end, operation, body)
    assert (response.status_code, response.data["outcome"]) == (401, "signed_out")


@pytest.mark.parametrize(
    "operation",
    [each for each in OPERATIONS if each.is_offered is not None],
    ids=name_of,
)
def test_what_the_settings_do_not_offer(
    operation: Operation, front_end: FrontEnd, configure: Configure
) -> None:
    front_end.sign_in()
    configure(METHODS=["universal"], CUSTOMIZE_MFA=False, SIGN_INS=False)
    response = ask(front_end, operation)
    assert (response.status_code, response.data["outcome"]) == (404, "not_found")


@each_operation
def test_origin_that_is_not_ours(operation: Operation, page: FrontEnd) -> None:
    page.sign_in()
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        response = ask(page, operation, origin=origin)
        assert (response.status_code, response.data["outcome"]) == (403, "csrf")
    assert page.user_id


@each_operation
def test_own_and_trusted_origins_are_served(
    operation: Operation, page: FrontEnd, settings: Any
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://front.example"]
    for origin in ("http://testserver", "https://front.example"):
        assert ask(page, operation, origin=origin).data.get("outcome") != "csrf"


@each_operation
def test_app_is_no_page(operation: Operation, app: FrontEnd) -> None:
    app.sign_in()
    for origin in ("http://testserver", "null", ""):
        response = app.send(operation.method, path_of(operation), origin=origin)
        assert (response.status_code, response.data["outcome"]) == (403, "csrf")
    assert app.user_id


@pytest.mark.parametrize(
    "operation",
    [each for each in OPERATIONS if each.method != "GET"],
    ids=name_of,
)
@pytest.mark.parametrize("keys", [{}, {"CSRF_USE_SESSIONS": True}, {"CSRF_COOKIE_HTTPONLY": True}])
def test_csrf_token_is_needed(
    operation: Operation, keys: dict[str, bool], page: FrontEnd, settings: Any
) -> None:
    for name, value in keys.items():
        setattr(settings, name, value)
    page.sign_in()
    token = page.csrf_token
    for wrong in ("", "x" * 64, "short"):
        page.csrf_token = wrong
        response = page.send(operation.method, path_of(operation))
        assert (response.status_code, response.data["outcome"]) == (403, "csrf")
        assert response.data["csrf_token"]
    assert page.user_id
    page.csrf_token = token
    response = page.send(operation.method, path_of(operation))
    assert response.data.get("outcome") != "csrf"


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/octet-stream"])
def test_post_without_a_body_needs_no_type(content_type: str, front_end: FrontEnd) -> None:
    """Django's own server says ``text/plain`` of a request that says nothing."""
    front_end.sign_in()
    path = f"{PREFIX[front_end.kind]}logout/"
    said = {"CONTENT_TYPE": content_type} if content_type else {}
    response = front_end.client.generic("POST", path, headers=front_end.headers, **said)
    assert response.status_code == 200 and response.json()["user"] is None


def test_body_of_another_type_has_the_state_of_its_session(front_end: FrontEnd) -> None:
    front_end.sign_in()
    for content_type in CONTENT_TYPES:
        response = front_end.send("POST", "logout/", b"x=1", content_type=content_type)
        assert response.status_code == 415
        assert response.data["login"]["user"]["name"] == ANN


def test_csrf_is_checked_without_the_sites_middleware(page: FrontEnd, settings: Any) -> None:
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "Csrf" not in each]
    assert page.ask().data["step"] == "code"
    page.csrf_token = ""
    assert page.send("POST", "login/resend/").data["outcome"] == "csrf"


def test_form_field_is_no_csrf_token(page: FrontEnd, tenant: LocalTenant) -> None:
    page.get()
    fields = {"csrfmiddlewaretoken": page.csrf_token, "identifier": ANN}
    response = page.client.post("/api/login/", fields)
    assert response.status_code == 415 and sent(tenant) == 0


def test_every_path_is_open_where_the_site_asks_for_a_login(
    front_end: FrontEnd, settings: Any
) -> None:
    middleware = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, middleware]
    assert front_end.sign_in().data["step"] == "signed_in"


def test_head_answers_as_get_does(front_end: FrontEnd) -> None:
    response = front_end.client.head(PREFIX[front_end.kind] + "login/")
    assert response.status_code == 200


def test_works_without_the_pages(front_end: FrontEnd, settings: Any, tenant: LocalTenant) -> None:
    settings.ROOT_URLCONF = "tests.headless.urls"
    data = front_end.get().data
    assert [each["name"] for each in data["methods"]] == ["email-code", "sms-code"]
    assert data.get("universal_url") is None
    tenant.add_person(ANN, factors=["email"])
    front_end.sign_in()
    done = front_end.post("login/factor/answer/", code=front_end.sent_code)
    assert done.data["step"] == "signed_in"
    assert front_end.get("identities/").data["identities"]
    assert front_end.post("logout/").data["user"] is None


@pytest.mark.parametrize("path", ["/with-mfa/", "/calls-an-api/"])
def test_own_views_refuse_without_the_pages(
    path: str, page: FrontEnd, settings: Any, configure: Configure
) -> None:
    """There is nowhere to lead to."""
    configure(SIGN_INS=True, TOKENS=True, METHODS=["email-code", "universal"])
    settings.ROOT_URLCONF = "tests.headless.urls"
    settings.LOGIN_URL = "/front-end/"
    is_api = path == "/calls-an-api/"
    answer = page.client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 401 if is_api else answer["Location"].startswith("/front-end/")
    page.sign_in()
    SignIn.objects.update(tokens="")
    answer = page.client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == (401 if is_api else 403)


def test_two_clients_of_one_site_share_nothing(page: FrontEnd, app: FrontEnd) -> None:
    page.sign_in()
    cookie = page.client.cookies[site_settings.SESSION_COOKIE_NAME].value
    client = Client()
    client.cookies[site_settings.SESSION_COOKIE_NAME] = cookie
    assert client.get("/app/login/").json()["user"] is None
    assert client.get("/app/login/", headers={TOKEN: cookie}).status_code == 401
