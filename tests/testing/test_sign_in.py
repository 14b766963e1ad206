"""``sign_in`` leaves what a login leaves, and asks nobody."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.test import AsyncClient, Client, RequestFactory, TestCase
from django.test.utils import setup_test_environment, teardown_test_environment
from django.urls import reverse
from rest_framework.test import APIClient

from django_pwdless.exceptions import LoginRefused
from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.people.people import subject
from django_pwdless.models import Identity, SignIn
from django_pwdless.session.fresh_login import FRESH, fresh_login
from django_pwdless.session.login_record import LOGIN_KEY, SIGN_IN_KEY, LoginRecord
from django_pwdless.testing import TenantMixin, asign_in, sign_in

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db

ANN, NUMBER = "ann@example.com", "+12025550123"
USUAL = {"_state", "id", "user_id", "identity_id", "digest"}
TIMES = {"created_at", "last_seen_at", "expires_at"}


@pytest.fixture(autouse=True)
def sign_ins(settings: Any) -> None:
    watching = "django_pwdless.middleware.SignInMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, watching]
    keys = {"METHODS": ["email-code", "sms-code"], "SIGN_INS": True}
    settings.PWDLESS = {**settings.PWDLESS, **keys}


@pytest.fixture
def user() -> Any:
    return get_user_model().objects.create_user("ann", "ann@example.org")


def log_in(client: Client, tenant: LocalTenant, identifier: str) -> None:
    """Sign in by the pages."""
    client.post(reverse("pwdless:login"), {"identifier": identifier})
    code = tenant.inbox.latest(identifier).code
    assert client.post(reverse("pwdless:verify"), {"code": code}).status_code == 302


def left(client: Client) -> dict[str, Any]:
    """What a login left, but for times, keys and digests."""
    session = dict(client.session)
    record, row = session.pop(LOGIN_KEY), SignIn.objects.latest("pk")
    identity = Identity.objects.get(pk=row.identity_id)
    entry = session.pop(SIGN_IN_KEY)
    assert entry["id"] == row.pk and entry["expires_at"] == row.expires_at.timestamp()
    assert record.pop("user_pk") == session.pop("_auth_user_id") == str(row.user_id)
    assert time.time() - record.pop("at") < 60
    session.pop("_auth_user_hash")
    return {
        "session": session,
        "record": record,
        "row": {k: v for k, v in vars(row).items() if k not in USUAL | TIMES | {"sid"}},
        "identity": {k: v for k, v in vars(identity).items() if k not in USUAL | TIMES},
        "email": identity.user.email,
        "password": identity.user.has_usable_password(),
        "cookie": {k: v for k, v in client.cookies["sessionid"].items() if k in SEEN},
    }


SEEN = {"path", "domain", "secure"}


@pytest.mark.parametrize("identifier", [ANN, NUMBER])
def test_it_leaves_what_a_login_leaves(pwdless_tenant: LocalTenant, identifier: str) -> None:
    by_pages, by_us = Client(), Client()
    log_in(by_pages, pwdless_tenant, identifier)
    wanted = left(by_pages)
    SignIn.objects.all().delete()
    get_user_model().objects.all().delete()
    sign_in(by_us, identifier)
    found = left(by_us)
    assert found == wanted


def test_a_login_finds_the_same_user_again(pwdless_tenant: LocalTenant) -> None:
    client = Client()
    user = sign_in(Client(), ANN)
    log_in(client, pwdless_tenant, ANN)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert get_user_model().objects.count() == 1


def test_a_known_person_is_found_by_their_address(user: Any, settings: Any) -> None:
    issuer = "https://tenant.example/"
    Identity.objects.create(
        user=user, issuer=issuer, subject="email|x", connection="email", email=ANN
    )
    assert sign_in(Client(), ANN) == sign_in(Client(), ANN, user=user) == user
    assert Identity.objects.count() == 1


def test_user_gets_the_identity(user: Any) -> None:
    client = Client()
    assert sign_in(client, ANN, user=user) == user
    assert sign_in(client, NUMBER, user=user) == user
    labels = [identity.label for identity in user.pwdless_identities.order_by("pk")]
    assert labels == [ANN, NUMBER]
    assert client.get("/").text == "Hello, ann."


def test_somebody_elses_identifier(user: Any) -> None:
    sign_in(Client(), ANN)
    with pytest.raises(ValueError, match="another user's"):
        sign_in(Client(), ANN, user=user)


def test_subject_is_the_local_tenants() -> None:
    sign_in(Client(), ANN)
    sign_in(Client(), NUMBER)
    subjects = list(Identity.objects.order_by("pk").values_list("subject", flat=True))
    assert subjects == [subject("email", ANN), subject("sms", NUMBER)]


@pytest.mark.parametrize("make", [Client, APIClient, AsyncClient])
def test_any_test_client_is_taken(make: Any) -> None:
    client = make()
    user = sign_in(client, ANN)
    answer = client.get("/") if make is not AsyncClient else async_to_sync(client.get)("/")
    assert answer.content.decode() == f"Hello, {user.get_username()}."


@pytest.mark.parametrize("what", [HttpRequest(), RequestFactory(), None])
def test_what_is_no_client_is_refused(what: Any) -> None:
    with pytest.raises(TypeError):
        sign_in(what, ANN)
    assert not get_user_model().objects.exists()


def test_it_can_be_awaited() -> None:
    client = AsyncClient()
    user = async_to_sync(asign_in)(client, ANN, mfa=True)
    assert async_to_sync(client.get)("/").content.decode() == f"Hello, {user.get_username()}."


def record_of(client: Client) -> LoginRecord:
    return LoginRecord(**client.session[LOGIN_KEY])


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("mfa", [True, False])
def test_record_says_what_was_proven_and_when(mfa: bool, fresh: bool) -> None:
    client = Client()
    request = HttpRequest()
    request.user = sign_in(client, ANN, mfa=mfa, fresh=fresh)
    request.session = client.session
    record = record_of(client)
    assert fresh_login(request) == (record if fresh else None)
    assert record.has_mfa() is mfa
    assert record.has_mfa(FRESH) is (mfa and fresh)
    assert record.mfa_factor == SignIn.objects.get().mfa_factor == ("otp" if mfa else "")


def test_stale_login_has_to_confirm() -> None:
    client = Client()
    sign_in(client, ANN, fresh=False)
    assert client.get(reverse("pwdless:identity_add")).status_code == 302
    sign_in(client, ANN)
    assert client.get(reverse("pwdless:identity_add")).status_code == 200


def test_one_login_takes_the_place_of_another() -> None:
    client = Client()
    first = sign_in(client, ANN, mfa=True)
    session = client.session
    session["of the first"] = "x"
    session.save()
    key = session.session_key
    second = sign_in(client, "ben@example.com")
    assert first != second
    assert "of the first" not in client.session and client.session.session_key != key
    assert not record_of(client).has_mfa()
    assert [row.user_id for row in SignIn.objects.all()] == [second.pk]


def test_session_of_a_stranger_is_kept() -> None:
    """As by a login, under another key."""
    client = Client()
    session = client.session
    session["basket"] = ["a book"]
    session.save()
    key = session.session_key
    sign_in(client, ANN)
    assert client.session["basket"] == ["a book"] and client.session.session_key != key


def test_inactive_people_are_refused(user: Any) -> None:
    user.is_active = False
    user.save()
    client = Client()
    with pytest.raises(LoginRefused):
        sign_in(client, ANN, user=user)
    assert "sessionid" not in client.cookies


@pytest.mark.usefixtures("no_new_users")
def test_unknown_people_are_refused_where_nobody_is_made() -> None:
    with pytest.raises(LoginRefused):
        sign_in(Client(), ANN)


@pytest.mark.parametrize("identifier", ["", "ann", "a b@example.com", "12"])
def test_malformed_identifiers(identifier: str) -> None:
    with pytest.raises(ValidationError):
        sign_in(Client(), identifier)


@pytest.fixture
def no_test_run() -> Iterator[None]:
    """As on a server, where no runner has set up a test environment."""
    teardown_test_environment()
    yield
    setup_test_environment(debug=settings.DEBUG)


CALLS: dict[str, Callable[[], Any]] = {
    "sign_in": lambda: sign_in(Client(), ANN),
    "asign_in": lambda: async_to_sync(asign_in)(Client(), ANN),
    "TenantMixin": lambda: type("Case", (TenantMixin, TestCase), {"test": 0})("test").setUp(),
}
REFUSAL = "django_pwdless.testing works in a test run only"


@pytest.mark.usefixtures("no_test_run")
@pytest.mark.parametrize("name", CALLS)
def test_no_helper_works_outside_of_a_test_run(name: str) -> None:
    """There is a database, and the backend, and no test runner."""
    with pytest.raises(RuntimeError, match=REFUSAL):
        CALLS[name]()
    assert not get_user_model().objects.exists()


ON_A_SERVER = """
import asyncio
import django
django.setup()
from django.test import Client, TestCase
from django_pwdless.testing import TenantMixin, asign_in, sign_in

for call in (
    lambda: sign_in(Client(), "ann@example.com"),
    lambda: asyncio.run(asign_in(Client(), "ann@example.com")),
    lambda: type("Case", (TenantMixin, TestCase), {"test": 0})("test").setUp(),
):
    try:
        print("worked:", call())
    except RuntimeError as error:
        print("refused:", error)
"""


@pytest.mark.thorough
def test_no_helper_works_in_a_process_of_a_server() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ON_A_SERVER],
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [f"refused: {REFUSAL}"] * 3, done
