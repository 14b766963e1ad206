"""Which logins begin a sign-in, which keep one, and what is noted of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model, login
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.test import Client
from django.utils import timezone

from django_pwdless.models import Identity, SignIn
from django_pwdless.sign_ins.beginning import Login, announce
from tests.journeys.browser import ANN, BEN, Browser
from tests.journeys.conftest import Configure, NewBrowser
from tests.journeys.hosted import log_in_hosted

pytestmark = pytest.mark.django_db(transaction=True)

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def password_user() -> AbstractBaseUser:
    return get_user_model().objects.create_user("cy", password="secret")


def sign_in_with_password(client: Client, **headers: str) -> Any:
    fields = {"username": "cy", "password": "secret"}
    return client.post("/password/", fields, headers=headers)


def test_login_is_noted(new_browser: NewBrowser) -> None:
    before = timezone.now()
    browser = new_browser(headers={"user-agent": FIREFOX})
    browser.sign_in()
    row, identity = SignIn.objects.get(), Identity.objects.get()
    assert (row.user, row.identity) == (identity.user, identity)
    assert (row.method, row.mfa_factor) == ("email-code", "")
    assert (row.browser, row.system, row.user_agent) == ("Firefox", "Linux", FIREFOX)
    assert before <= row.created_at <= row.last_seen_at <= timezone.now()
    assert abs(row.expires_at - browser.client.session.get_expiry_date()) < timedelta(seconds=5)


def test_no_session_key_and_no_address_is_stored(came_in: Browser) -> None:
    stored = " ".join(str(value) for value in SignIn.objects.values().get().values())
    assert str(came_in.session_key) not in stored and "127.0.0.1" not in stored


def test_nothing_of_a_login_is_noted_of_another_in_its_request(
    browser: Browser, configure: Configure, password_user: AbstractBaseUser
) -> None:
    """A receiver signs in somebody else, who has proven nothing."""
    configure(CUSTOMIZE_MFA=True, SIGN_INS=True, TOKENS=True)
    person = browser.tenant.add_person(ANN, factors=["otp"])

    def switch(*, request: Any, user: Any, **kwargs: Any) -> None:
        if user != password_user:
            login(request, password_user, "django.contrib.auth.backends.ModelBackend")

    user_logged_in.connect(switch)
    try:
        browser.sign_in()
        browser.post("mfa_challenge", code=browser.tenant.totp(person))
    finally:
        user_logged_in.disconnect(switch)
    row = SignIn.objects.get(user=password_user)
    assert (row.identity, row.method, row.mfa_factor, row.tokens) == (None, "", "", "")
    assert browser.user_id == str(password_user.pk)
    assert browser.client.session["_pwdless_login"]["mfa_at"] is None


def test_second_factor_is_noted(browser: Browser, configure: Configure) -> None:
    configure(CUSTOMIZE_MFA=True)
    person = browser.tenant.add_person(ANN, factors=["otp"])
    browser.sign_in()
    browser.post("mfa_challenge", code=browser.tenant.totp(person))
    assert SignIn.objects.get().mfa_factor == "otp"


@pytest.mark.parametrize("sent", ["x" * 5000, "a\0b\x7f\n", ""])
def test_what_a_browser_calls_itself_is_cut_and_cleaned(
    sent: str, password_user: AbstractBaseUser
) -> None:
    sign_in_with_password(Client(), **{"user-agent": sent})
    kept = SignIn.objects.get().user_agent
    assert len(kept) <= 200 and (not kept or kept.isprintable())


@pytest.mark.parametrize("how", ["password", "force_login", "coroutine"])
def test_login_of_any_backend_begins_one(how: str, password_user: AbstractBaseUser) -> None:
    client = Client()
    if how == "password":
        sign_in_with_password(client)
    elif how == "coroutine":
        client.get("/awaited-login/")
    else:
        client.force_login(password_user)
    row = SignIn.objects.get()
    assert (row.user, row.identity, row.method) == (password_user, None, "")
    assert client.get("/who/").text == "cy"


def test_session_from_before_gets_a_row_when_seen(settings: Any, browser: Browser) -> None:
    on, settings.PWDLESS = settings.PWDLESS, {**settings.PWDLESS, "SIGN_INS": False}
    browser.sign_in()
    assert not SignIn.objects.exists()
    settings.PWDLESS = on
    browser.client.get("/nobody-asks/")
    assert not SignIn.objects.exists()
    for _ in range(2):
        browser.client.get("/who/")
    row = SignIn.objects.get()
    assert (str(row.user_id), row.method) == (browser.user_id, "email-code")
    row.delete()
    assert browser.client.get("/who/").text == ""


def test_confirming_keeps_the_row(came_in: Browser) -> None:
    before, key = SignIn.objects.get(), came_in.session_key
    came_in.post("login", reconfirm=Identity.objects.get().pk)
    came_in.answer()
    assert came_in.user_id and came_in.session_key != key
    after = SignIn.objects.get()
    assert (after.pk, after.created_at) == (before.pk, before.created_at)


def test_step_up_keeps_the_row_and_notes_the_newest_session_at_auth0(
    came_in: Browser, configure: Configure
) -> None:
    configure(METHODS=["email-code", "universal"])
    before = SignIn.objects.get()
    address = came_in.get("universal", max_age="600")["Location"]
    came_in.client.get(log_in_hosted(came_in.tenant, address))
    after = SignIn.objects.get()
    assert after.pk == before.pk and came_in.user_id


def test_signing_in_as_somebody_else_ends_the_row_before(came_in: Browser) -> None:
    before = SignIn.objects.get()
    came_in.sign_in(BEN)
    assert SignIn.objects.get().pk != before.pk


def test_password_change_keeps_the_row(password_user: Any) -> None:
    client = Client()
    sign_in_with_password(client)
    password_user.is_staff = password_user.is_superuser = True
    password_user.save()
    words = {"old_password": "secret", "new_password1": "x9!changed", "new_password2": "x9!changed"}
    assert client.post("/admin/password_change/", words).status_code == 302
    assert client.get("/who/").text == "cy" and SignIn.objects.count() == 1


def test_removed_identity_leaves_the_sign_in(came_in: Browser) -> None:
    Identity.objects.get().delete()
    assert SignIn.objects.get().identity is None
    assert came_in.client.get("/who/").text


def test_identity_from_a_replica_is_noted(came_in: Browser, settings: Any, rf: Any) -> None:
    class Router:
        def db_for_write(self, model: type, **hints: Any) -> str:
            return "default"

    settings.DATABASE_ROUTERS = [Router()]
    user, identity = get_user_model().objects.get(), Identity.objects.get()
    identity._state.db = "replica"
    request = rf.get("/")
    request.session = type(came_in.client.session)()
    announce(request, Login(identity))
    login(request, user, "django.contrib.auth.backends.ModelBackend")
    assert SignIn.objects.latest("pk").identity == identity


def test_expiry_follows_a_longer_session(password_user: AbstractBaseUser) -> None:
    client = Client()
    client.get("/remember/")
    month = timezone.now() + timedelta(days=30)
    assert abs(SignIn.objects.get().expires_at - month) < timedelta(seconds=5)


def test_times_move_once_an_hour(password_user: AbstractBaseUser, clock: Any) -> None:
    client = Client()
    sign_in_with_password(client)
    began = SignIn.objects.get()
    clock.shift(3500)
    client.get("/fill/"), client.get("/who/")
    assert (
        SignIn.objects.values().get()
        == SignIn.objects.filter(last_seen_at=began.last_seen_at, expires_at=began.expires_at)
        .values()
        .get()
    )
    clock.shift(200)
    client.get("/fill/"), client.get("/who/")
    row = SignIn.objects.get()
    assert row.last_seen_at == timezone.now()
    assert abs(row.expires_at - client.session.get_expiry_date()) < timedelta(seconds=2)


def test_expiry_stays_while_the_session_is_not_saved(
    password_user: AbstractBaseUser, clock: Any
) -> None:
    client = Client()
    sign_in_with_password(client)
    began = SignIn.objects.get()
    clock.shift(5000)
    client.get("/who/")
    row = SignIn.objects.get()
    assert (row.last_seen_at, row.expires_at) == (timezone.now(), began.expires_at)


def test_short_session_that_rolls_never_outlives_its_row(
    password_user: AbstractBaseUser, clock: Any, settings: Any
) -> None:
    settings.SESSION_COOKIE_AGE = 600
    client = Client()
    sign_in_with_password(client)
    for _ in range(5):
        clock.shift(400)
        client.get("/fill/")
        assert SignIn.objects.get().expires_at > timezone.now()
