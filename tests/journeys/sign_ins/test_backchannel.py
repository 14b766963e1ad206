"""Auth0 ends sign-ins by logout tokens: threats 51, 54 and 55."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.steps.backchannel import unsigned_logout_token
from django_pwdless.localtenant.token_faults.logout_tokens import LOGOUT_TOKEN_FAULTS
from django_pwdless.models import Identity, SignIn
from tests.journeys.browser import ANN, BEN, FORM, KEYS, Browser
from tests.journeys.conftest import Configure, NewBrowser
from tests.journeys.hosted import log_in_hosted
from tests.outages import OUTAGES

from .conftest import about, statements

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/accounts/backchannel-logout/"
DAY = 24 * 3600


@pytest.fixture(autouse=True)
def listening(watched: None, configure: Configure) -> None:
    configure(BACKCHANNEL_LOGOUT=True, METHODS=["email-code", "universal"])


@pytest.fixture
def sub(came_in: Browser) -> str:
    return Identity.objects.get().subject


def send(token: Any, **more: Any) -> Any:
    """Post a logout token as Auth0 does: no cookie, no CSRF token."""
    return Client(enforce_csrf_checks=True).post(PATH, f"logout_token={token}", FORM, **more)


def sign_in_hosted(browser: Browser) -> None:
    browser.client.get(log_in_hosted(browser.tenant, browser.get("universal")["Location"]))
    assert browser.user_id


def is_signed_in(browser: Browser) -> bool:
    return bool(browser.client.get("/who/").text)


def test_sid_ends_the_sign_ins_of_that_session_alone(
    new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    first, second = new_browser(), new_browser()
    sign_in_hosted(first)
    sign_in_hosted(second)
    sid = SignIn.objects.earliest("pk").sid
    answer = send(tenant.logout_token(sid=sid))
    assert (answer.status_code, answer.content) == (200, b"")
    assert (is_signed_in(first), is_signed_in(second)) == (False, True)


def test_subject_ends_all_of_that_identity(new_browser: NewBrowser, tenant: LocalTenant) -> None:
    first, second, other = new_browser(), new_browser(), new_browser()
    first.sign_in(), second.sign_in(), other.sign_in(BEN)
    send(tenant.logout_token(Identity.objects.get(email=ANN).subject))
    assert [is_signed_in(browser) for browser in (first, second, other)] == [False, False, True]


@pytest.mark.parametrize("is_theirs", [True, False])
def test_subject_beside_a_session_must_be_its_own(
    is_theirs: bool, came_in: Browser, sub: str, tenant: LocalTenant
) -> None:
    token = tenant.logout_token(sub if is_theirs else "email|another", SignIn.objects.get().sid)
    assert send(token).status_code == 200
    assert is_signed_in(came_in) is not is_theirs


def test_other_identities_of_the_user_stay(signed_in: Browser, tenant: LocalTenant) -> None:
    signed_in.identifier = BEN
    signed_in.post("identity_add", identifier=BEN)
    signed_in.answer()
    send(tenant.logout_token(Identity.objects.get(email=BEN).subject))
    assert is_signed_in(signed_in)


@pytest.mark.parametrize("change", [str.upper, str.title, lambda sid: f"{sid} "])
def test_session_is_compared_exactly(
    change: Callable[[str], str], signed_in: Browser, tenant: LocalTenant
) -> None:
    SignIn.objects.update(sid="an-Auth0-session")
    assert send(tenant.logout_token(sid=change("an-Auth0-session"))).status_code == 200
    assert is_signed_in(signed_in)


def test_nobody_to_end_is_a_success(tenant: LocalTenant) -> None:
    assert send(tenant.logout_token("email|nobody", "no-session")).status_code == 200


def test_replay_does_no_harm(browser: Browser, tenant: LocalTenant, clock: Any) -> None:
    browser.sign_in()
    token = tenant.logout_token(Identity.objects.get().subject)
    assert send(token).status_code == 200 and not is_signed_in(browser)
    clock.shift(31)
    browser.sign_in()
    assert send(token).status_code == 200
    assert is_signed_in(browser)


def test_sign_in_that_began_within_the_leeway_is_meant_too(
    browser: Browser, tenant: LocalTenant, clock: Any
) -> None:
    token = tenant.logout_token("email|x")
    browser.sign_in()
    token = tenant.logout_token(Identity.objects.get().subject, iat=time.time() - 29)
    send(token)
    assert not is_signed_in(browser)


@pytest.mark.parametrize("fault", LOGOUT_TOKEN_FAULTS)
def test_wrong_token_is_refused_and_ends_nothing(
    fault: str, came_in: Browser, sub: str, tenant: LocalTenant, caplog: Any
) -> None:
    token = tenant.logout_token(sub, SignIn.objects.get().sid, fault=fault)
    answer = send(token)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert answer["Cache-Control"] == "no-store, private"
    assert is_signed_in(came_in)
    assert sub not in caplog.text and token[-40:] not in caplog.text


@pytest.mark.parametrize(
    ("age", "status"), [(0, 200), (149, 200), (151, 400), (181, 400), (DAY, 400), (-25, 200)]
)
def test_age_of_a_token(
    age: float, status: int, browser: Browser, tenant: LocalTenant, clock: Any
) -> None:
    now = time.time()
    token = tenant.logout_token("email|x", iat=now - age, exp=now + DAY)
    assert send(token).status_code == status


@pytest.mark.parametrize("typ", ["JWT", "jwt", "logout+jwt", "application/logout+jwt"])
def test_types_that_are_good(typ: str, tenant: LocalTenant) -> None:
    unsigned = unsigned_logout_token(tenant.state, tenant.client, "email|x", None)
    unsigned.header["typ"] = typ
    assert send(unsigned.sign()).status_code == 200
    del unsigned.header["typ"]
    assert send(unsigned.sign()).status_code == 200


def test_other_tokens_of_the_tenant_end_nothing(came_in: Browser, sub: str) -> None:
    tenant = came_in.tenant
    for token in (tenant.id_token(), tenant.access_token(sub)):
        assert send(token).status_code == 400
    other = tenant.add_client()
    assert send(tenant.logout_token(sub, client=other)).status_code == 400
    assert is_signed_in(came_in)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"logout_token=",
        b"token=x",
        b"logout_token=x&logout_token=y",
        b"logout_token=%ff",
        b"\xff",
        b"&".join(b"a=1" for _ in range(5000)),
        b"logout_token=" + b"x" * 16 * 1024,
        b"logout_token=" + b"x" * 1024 * 1024,
    ],
)
def test_bad_bodies(body: bytes) -> None:
    answer = Client().post(PATH, body, FORM)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


@pytest.mark.parametrize(
    "content_type", ["application/json", "multipart/form-data", "text/plain", ""]
)
def test_other_content_types(content_type: str, tenant: LocalTenant) -> None:
    body = f"logout_token={tenant.logout_token('email|x')}"
    assert Client().post(PATH, body, content_type).status_code == 400


def test_form_of_django_s_test_client(came_in: Browser, sub: str, tenant: LocalTenant) -> None:
    assert Client().post(PATH, {"logout_token": tenant.logout_token(sub)}).status_code == 200
    assert not is_signed_in(came_in)


@pytest.mark.parametrize("fields", [{}, {"logout_token": ["x", "y"]}, {"logout_token": "\0"}])
def test_bad_forms_of_many_parts(fields: dict[str, Any]) -> None:
    answer = Client().post(PATH, fields)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


def test_form_of_too_many_parts(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    answer = Client().post(PATH, {"a": "1", "b": "2", "logout_token": "x"})
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


PARTS = (
    b'--b\r\nContent-Disposition: form-data; name="logout_token"\r\n\r\nx\r\n'
    b'--b\r\nContent-Disposition: form-data; name="a"; filename="a.txt"\r\n\r\ny\r\n--b--\r\n'
)


@pytest.mark.parametrize("charset", ["utf-8", "hex", "nothing", "utf-16"])
def test_parts_name_any_charset_and_keep_no_file(charset: str, settings: Any) -> None:
    settings.FILE_UPLOAD_HANDLERS = [f"{__name__}.NoHandler"]
    content_type = f"multipart/form-data; boundary=b; charset={charset}"
    answer = Client().generic("POST", PATH, PARTS, content_type)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


class NoHandler:
    def __init__(self, request: Any) -> None:
        raise AssertionError("Nobody asked for a file.")


def reads_fields(get_response: Any) -> Any:
    """Middleware that looks at the form before any view."""

    def middleware(request: Any) -> Any:
        request.POST.get("a")
        return get_response(request)

    return middleware


@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data; boundary=b"])
def test_form_that_was_read_before(content_type: str, settings: Any) -> None:
    settings.MIDDLEWARE = [f"{__name__}.reads_fields", *settings.MIDDLEWARE]
    body = PARTS if "boundary" in content_type else b"logout_token=x"
    answer = Client().post(PATH, body, content_type)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_post_only(method: str) -> None:
    assert getattr(Client(), method)(PATH).status_code == 405


@pytest.mark.parametrize("keys", [{"BACKCHANNEL_LOGOUT": False}, {"SIGN_INS": False}])
def test_off_is_not_found(keys: dict[str, bool], configure: Configure) -> None:
    configure(**keys)
    assert send("x").status_code == 404


@pytest.mark.parametrize("outage", OUTAGES)
def test_cache_down(
    outage: str, settings: Any, came_in: Browser, sub: str, tenant: LocalTenant
) -> None:
    settings.CACHES = {"default": {"BACKEND": outage}}
    assert send(tenant.logout_token(sub)).status_code == 200
    assert not is_signed_in(came_in)


@pytest.mark.parametrize("fault", ["server_error", "html", "reset"])
def test_logout_token_while_keys_cannot_be_had(fault: str, tenant: LocalTenant) -> None:
    tenant.fail(KEYS, fault)
    answer = send(tenant.logout_token("email|x"))
    assert (answer.status_code, answer.json()) == (503, {"error": "temporarily_unavailable"})
    assert answer["Retry-After"]
    tenant.recover()
    assert send(tenant.logout_token("email|x")).status_code == 200


def test_strangers_use_up_no_key_fetch_of_a_login(
    came_in: Browser, sub: str, tenant: LocalTenant
) -> None:
    asked = len(tenant.calls(KEYS))
    for _ in range(3):
        send(tenant.logout_token(sub, fault="unknown_kid"))
    assert len(tenant.calls(KEYS)) == asked + 1
    tenant.rotate_keys()
    assert came_in.sign_in().status_code == 302


@pytest.mark.parametrize("claims", [{"iss": "https://x/"}, {"aud": "x"}, {"exp": 5}])
def test_token_that_cannot_be_good_costs_no_fetch(
    claims: dict[str, Any], signed_in: Browser, tenant: LocalTenant
) -> None:
    asked = len(tenant.calls(KEYS))
    tenant.rotate_keys()
    assert send(tenant.logout_token("email|x", **claims)).status_code == 400
    assert len(tenant.calls(KEYS)) == asked


def test_database_that_takes_no_change(came_in: Browser, sub: str, tenant: LocalTenant) -> None:
    token = tenant.logout_token(sub)

    def refuse(execute: Any, sql: str, *arguments: Any) -> Any:
        if sql.startswith("DELETE"):
            raise OperationalError("read only")
        return execute(sql, *arguments)

    with connection.execute_wrapper(refuse):
        assert send(token).status_code == 503
    assert is_signed_in(came_in)
    assert send(token).status_code == 200 and not is_signed_in(came_in)


def test_cost_of_a_token_for_nobody(signed_in: Browser, tenant: LocalTenant) -> None:
    token = tenant.logout_token("email|x", "y")
    send(token)
    asked = statements(lambda: send(token))
    assert about(SignIn._meta.db_table, asked) == ["SELECT"] == [sql.split()[0] for sql in asked]


def test_very_many_users_change_nothing_of_it(signed_in: Browser, tenant: LocalTenant) -> None:
    users = [get_user_model()(username=f"user {number}") for number in range(50)]
    users = get_user_model().objects.bulk_create(users)
    later = timezone.now() + timedelta(days=1)
    people = get_user_model().objects.exclude(pk=signed_in.user_id)
    SignIn.objects.bulk_create(SignIn(user=user, expires_at=later, sid="y") for user in people)
    send(tenant.logout_token(sid="y"))
    assert SignIn.objects.count() == 51
