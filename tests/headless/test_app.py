"""Session tokens of native apps: what makes one, what ends one, and what they are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client

from django_pwdless import sign_ins
from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import SignIn
from tests.journeys.browser import ANN, BEN

from .conftest import Configure
from .front_end import TOKEN, FrontEnd

pytestmark = pytest.mark.django_db

COOKIE = site_settings.SESSION_COOKIE_NAME


def test_start_makes_a_token(app: FrontEnd) -> None:
    assert "session_token" not in app.get().data
    assert app.ask().data["session_token"]
    assert "session_token" not in app.get().data


def test_token_is_no_session_key_and_no_cookie(app: FrontEnd) -> None:
    app.sign_in()
    (session,) = Session.objects.all()
    assert session.session_key not in app.session_token
    client = Client()
    client.cookies[COOKIE] = app.session_token
    assert client.get("/").content == b"Hello, stranger."
    assert client.get("/api/login/").json()["user"] is None


def test_token_changes_with_each_proof_and_the_old_one_is_over(
    app: FrontEnd, tenant: LocalTenant, with_factors: None
) -> None:
    tenant.add_person(ANN, factors=["email"])
    app.ask()
    tokens = [app.session_token]
    app.answer()
    tokens.append(app.session_token)
    done = app.post("login/factor/answer/", code=app.sent_code)
    tokens.append(app.session_token)
    assert done.data["step"] == "signed_in" and len(set(tokens)) == 3
    for token in tokens[:2]:
        response = app.send("GET", "login/", **{TOKEN: token})
        assert (response.status_code, response.data["outcome"]) == (401, "session_gone")


def test_token_changes_in_a_problem_too(
    app: FrontEnd, tenant: LocalTenant, with_factors: None
) -> None:
    tenant.add_person(ANN, factors=["email"])
    app.ask()
    before = app.session_token
    tenant.fail("/mfa/authenticators", "server_error", times=1)
    response = app.answer()
    assert response.status_code == 503 and response.data["session_token"] != before
    assert app.post("login/factor/").data["step"] == "answer_factor"


def test_confirming_again_changes_the_token(app: FrontEnd, clock: Any) -> None:
    app.sign_in()
    (identity,) = app.get("identities/").data["identities"]
    clock.shift(60)
    before = app.session_token
    assert app.post("login/", reconfirm=identity["id"]).data["step"] == "code"
    assert app.answer().data["step"] == "signed_in"
    assert app.session_token != before


@pytest.mark.parametrize(
    ("path", "members"),
    [
        ("login/", {"identifier": "nonsense"}),
        ("login/", {}),
        ("login/code/", {"code": "123456"}),
        ("login/link/", {"identifier": ANN, "code": "123456"}),
        ("login/link/", {"identifier": ANN, "code": "1"}),
        ("login/resend/", {}),
        ("logout/", {}),
    ],
)
@pytest.mark.parametrize("saves_always", [False, True])
def test_nothing_else_makes_a_session(
    path: str, members: dict[str, str], saves_always: bool, app: FrontEnd, settings: Any
) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = saves_always
    assert "session_token" not in app.post(path, **members).data
    app.delete("login/")
    assert not Session.objects.exists()


def test_limited_start_makes_no_session(app: FrontEnd, configure: Configure) -> None:
    configure(RATE_LIMITS={"start": {"ip": "1/h"}})
    app.ask()
    app.session_token = ""
    assert "session_token" not in app.ask(BEN).data
    assert Session.objects.count() == 1


@pytest.fixture
def noted() -> Iterator[None]:
    """The site writes something into the session of whoever fails."""

    def note(request: Any, **kwargs: Any) -> None:
        request.session["failed"] = True

    user_login_failed.connect(note)
    yield
    user_login_failed.disconnect(note)


def test_what_a_site_notes_makes_no_session(app: FrontEnd, noted: None) -> None:
    app.post("login/link/", identifier=ANN, code="123456")
    assert not Session.objects.exists()


def test_second_start_is_counted_though_nothing_is_sent_twice(
    app: FrontEnd, configure: Configure
) -> None:
    configure(RATE_LIMITS={"start": {"pair": "2/h"}})
    for _ in range(2):
        app.session_token = ""
        assert app.ask().data["session_token"]
    app.session_token = ""
    assert app.ask().status_code == 429


def test_cookies_are_neither_read_nor_set(app: FrontEnd, tenant: LocalTenant) -> None:
    page = FrontEnd("browser", tenant)
    page.sign_in(BEN)
    cookies = {name: morsel.value for name, morsel in page.client.cookies.items()}
    app.client.cookies.load(cookies)
    assert app.get().data["user"] is None
    app.sign_in()
    assert app.get().data["user"]["name"] == ANN
    app.post("logout/")
    assert {name: each.value for name, each in app.client.cookies.items()} == cookies
    assert page.get().data["user"]["name"] == BEN


@pytest.mark.parametrize("saves_always", [False, True])
def test_no_cookie_is_set_where_the_sites_own_code_fails(
    saves_always: bool, app: FrontEnd, settings: Any
) -> None:
    """Django answers then, and would set the app's session as a cookie."""
    settings.SESSION_SAVE_EVERY_REQUEST = saves_always
    app.ask()

    def refuse(**kwargs: Any) -> None:
        raise PermissionDenied

    user_logged_in.connect(refuse)
    try:
        response = app.client.post(
            "/app/login/code/", {"code": app.code}, "application/json", headers=app.headers
        )
    finally:
        user_logged_in.disconnect(refuse)
    assert response.status_code == 403 and not response.cookies


def test_page_stays_signed_in_that_is_led_to_an_apps_address(
    page: FrontEnd, with_sign_ins: None, settings: Any
) -> None:
    """Another site's page can lead there, with the cookie and without an ``Origin``."""
    settings.SESSION_SAVE_EVERY_REQUEST = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.asks_for_the_user"]
    page.sign_in()
    assert page.client.get("/app/login/").json()["user"] is None
    assert SignIn.objects.count() == 1
    assert page.get().data["user"]["name"] == ANN


def asks_for_the_user(get_response: Any) -> Any:
    def middleware(request: Any) -> Any:
        assert request.user.is_authenticated in (True, False)
        return get_response(request)

    return middleware


@pytest.mark.parametrize("saves_always", [False, True])
def test_no_answer_sets_a_cookie_whatever_the_site_does(
    saves_always: bool, app: FrontEnd, settings: Any, noted: None
) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = saves_always
    settings.CSRF_USE_SESSIONS = True
    app.client.cookies[COOKIE] = "a" * 32
    app.ask()
    app.answer(app.wrong_code)
    app.answer()
    app.post("identities/", identifier=BEN)
    app.answer()
    assert app.post("logout/").data["session_token"] is None


# The sign-in's end is told to other processes once it is committed.
@pytest.mark.django_db(transaction=True)
def test_ended_sign_in_ends_the_token(app: FrontEnd, with_sign_ins: None) -> None:
    app.sign_in()
    assert len(app.get("sign-ins/").data["sign_ins"]) == SignIn.objects.count() == 1
    sign_ins.end(get_user_model().objects.get())
    token = app.session_token
    for path in ("login/", "identities/"):
        response = app.send("GET", path, **{TOKEN: token})
        assert (response.status_code, response.data["outcome"]) == (401, "session_gone")


@pytest.mark.django_db(transaction=True)
def test_page_ends_an_app_and_an_app_a_page(
    page: FrontEnd, app: FrontEnd, with_sign_ins: None
) -> None:
    page.sign_in()
    app.sign_in()
    rows = {each["current"]: each["id"] for each in page.get("sign-ins/").data["sign_ins"]}
    assert page.delete(f"sign-ins/{rows[False]}/").status_code == 200
    assert app.get().data["outcome"] == "session_gone"
    app.session_token = ""
    app.sign_in()
    assert len(app.delete("sign-ins/").data["sign_ins"]) == 1
    assert page.get().data["user"] is None


def test_ending_this_one_ends_the_token(app: FrontEnd, with_sign_ins: None) -> None:
    app.sign_in()
    token = app.session_token
    (row,) = app.get("sign-ins/").data["sign_ins"]
    response = app.delete(f"sign-ins/{row['id']}/")
    assert response.data["session_token"] is None and response.data["user"] is None
    assert app.send("GET", "login/", **{TOKEN: token}).data["outcome"] == "session_gone"


def test_new_password_ends_the_token(app: FrontEnd) -> None:
    app.sign_in()
    user = get_user_model().objects.get()
    user.set_password("another")
    user.save()
    assert app.get().data["outcome"] == "session_gone"


def test_expired_session_ends_the_token(app: FrontEnd, clock: Any, settings: Any) -> None:
    settings.SESSION_COOKIE_AGE = 3600
    app.sign_in()
    clock.shift(3601)
    assert app.get().data["outcome"] == "session_gone"


def test_deactivated_user_is_signed_in_no_more(app: FrontEnd) -> None:
    app.sign_in()
    get_user_model().objects.update(is_active=False)
    assert app.get().data["user"] is None
    assert app.get("identities/").status_code == 401


def test_new_secret_key_takes_older_tokens_by_its_fallbacks(app: FrontEnd, settings: Any) -> None:
    app.sign_in()
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert app.get().status_code == 401
    settings.SECRET_KEY_FALLBACKS = [old]
    settings.SECRET_KEY = "another-still"
    assert app.get().status_code == 200


def test_pending_logins_seal_is_no_token(app: FrontEnd) -> None:
    app.ask()
    (sealed,) = (value for value in app.session.values() if isinstance(value, str))
    assert app.send("GET", "login/", **{TOKEN: sealed}).status_code == 401
