"""A proof in a session is its own person's, whatever other software does there: threats 41, 42."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import authenticate, get_user_model, login
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from django_pwdless.session.login_record import RecoveryCodes

from .browser import ANN, BEN, Browser, outcome, sent
from .conftest import Configure, NewBrowser
from .hosted import log_in_hosted
from .vault_urls import urlpatterns as site

pytestmark = pytest.mark.django_db

BEARER = "HTTP_X_BEARER"


def token_login(request: HttpRequest) -> HttpResponse:
    """As an API's login by a token or a password: it tells, and makes no session."""
    if "basket" in request.GET:
        request.session["basket"] = request.GET["basket"]
    user = get_user_model().objects.get(pk=request.GET["user"])
    user_logged_in.send(sender=type(user), request=request, user=user)
    return HttpResponse("a token")


def password_login(request: HttpRequest) -> HttpResponse:
    login(request, authenticate(request, username="ann", password="pw"))
    return HttpResponse("signed in")


urlpatterns = [*site, path("token-login/", token_login), path("password-login/", password_login)]


def bearer_middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Says who asks by a header, as a bearer token or an impersonation does."""

    def middleware(request: HttpRequest) -> Any:
        if name := request.META.get(BEARER):
            request.user = get_user_model().objects.get(username=name)
        return get_response(request)

    return middleware


@pytest.fixture(autouse=True)
def others(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.bearer_middleware"]


@pytest.fixture
def eve() -> Any:
    return get_user_model().objects.create_user("eve", "eve@example.com", "pw")


def prove_second_factor(browser: Browser) -> None:
    address = browser.get("universal", mfa="1")["Location"]
    browser.client.get(log_in_hosted(browser.tenant, address))


def token_login_of(browser: Browser, user_pk: Any, **more: str) -> None:
    assert browser.client.get("/token-login/", {"user": user_pk, **more}).status_code == 200


def is_fresh(browser: Browser, **headers: Any) -> bool:
    page = browser.client.get(reverse("pwdless:identity_add"), **headers)
    return bool(page.status_code == 200)


def test_login_of_a_time_to_come_is_not_fresh(clock: Any, signed_in: Browser) -> None:
    """The clock was set back."""
    clock.shift(-60)
    assert not is_fresh(signed_in)


# --- Signals of others ----------------------------------------------------------------------------


def test_login_told_without_a_request(eve: Any) -> None:
    user_logged_in.send(sender=type(eve), user=eve)
    user_logged_in.send(sender=type(eve), request=None, user=eve)


def test_login_told_without_a_session(eve: Any, rf: RequestFactory) -> None:
    user_logged_in.send(sender=type(eve), request=rf.get("/"), user=eve)


def test_token_login_makes_no_session(client: Client, eve: Any) -> None:
    client.get("/token-login/", {"user": eve.pk})
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("more", [{}, {"basket": "full"}], ids=["session kept", "changed"])
@pytest.mark.parametrize("is_own", [True, False])
def test_token_login_makes_no_login_fresh(
    is_own: bool, more: dict[str, str], clock: Any, signed_in: Browser, eve: Any
) -> None:
    """Not even the same person's: an API key, or the session itself, may have been all it took."""
    clock.shift(601)
    token_login_of(signed_in, signed_in.user_id if is_own else eve.pk, **more)
    assert not is_fresh(signed_in)


@pytest.mark.parametrize("is_own", [True, False])
def test_token_login_takes_no_second_factor_away(
    is_own: bool, configure: Configure, browser: Browser, eve: Any
) -> None:
    configure(METHODS=["email-code", "universal"])
    prove_second_factor(browser)
    token_login_of(browser, browser.user_id if is_own else eve.pk)
    assert browser.client.get("/vault/").status_code == 200


def test_token_login_wipes_no_pending_login(half_way: Browser, eve: Any) -> None:
    token_login_of(half_way, eve.pk)
    assert outcome(half_way.answer()) == (302, reverse("home"))


def test_password_login_again_is_fresh(clock: Any, browser: Browser) -> None:
    get_user_model().objects.create_user("ann", password="pw")
    browser.client.get("/password-login/")
    clock.shift(601)
    assert not is_fresh(browser)
    browser.client.get("/password-login/")
    assert is_fresh(browser)


def test_password_login_again_begins_without_a_second_factor(
    configure: Configure, browser: Browser
) -> None:
    configure(METHODS=["email-code", "universal"])
    prove_second_factor(browser)
    ann = get_user_model().objects.get()
    ann.username = "ann"
    ann.set_password("pw")
    ann.save()
    browser.client.get("/password-login/")
    assert browser.client.get("/vault/").status_code == 403


# --- Somebody else in ``request.user`` ------------------------------------------------------------


def test_fresh_login_is_not_that_of_somebody_else(signed_in: Browser, eve: Any) -> None:
    assert is_fresh(signed_in)
    assert not is_fresh(signed_in, **{BEARER: "eve"})


def test_identity_is_not_added_to_somebody_else(signed_in: Browser, eve: Any) -> None:
    signed_in.identifier = BEN
    signed_in.post("identity_add", identifier=BEN)
    code = {"code": signed_in.code}
    answer = signed_in.client.post(reverse("pwdless:verify"), code, **{BEARER: "eve"})
    assert answer.status_code != 200
    assert not Identity.objects.filter(user=eve).exists()


def test_second_factor_is_not_that_of_somebody_else(
    configure: Configure, browser: Browser, eve: Any
) -> None:
    configure(METHODS=["email-code", "universal"])
    prove_second_factor(browser)
    assert browser.client.get("/vault/").status_code == 200
    assert browser.client.get("/vault/", **{BEARER: "eve"}).status_code == 403
    assert browser.client.get("/vault/").status_code == 200


def test_recovery_codes_are_not_shown_in_a_session_of_somebody_else(
    configure: Configure, signed_in: Browser, eve: Any, rf: RequestFactory
) -> None:
    configure(CUSTOMIZE_MFA=True)
    request = rf.get("/")
    request.session = signed_in.client.session
    request.user = get_user_model().objects.get(email=ANN)
    RecoveryCodes.keep(request, ["ABCD-1234"])
    request.session.save()
    url = reverse("pwdless:recovery_codes")
    pages = [signed_in.client.get(url, **who) for who in ({}, {BEARER: "eve"})]
    shown = ["ABCD-1234" in page.content.decode() for page in pages]
    assert shown == [True, False]


def test_nobody_confirms_as_somebody_else(
    signed_in: Browser, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    new_browser().sign_in(BEN)
    ben = Identity.objects.get(email=BEN)
    name = {BEARER: ben.user.get_username()}
    fields = {"reconfirm": ben.pk}
    before = sent(tenant)
    assert signed_in.client.post(reverse("pwdless:login"), fields, **name).status_code == 404
    assert sent(tenant) == before


def test_record_names_its_user(signed_in: Browser, eve: Any) -> None:
    """A session that another software hands on to somebody else takes no proof along."""
    session = signed_in.client.session
    record = session["_pwdless_login"]
    signed_in.client.force_login(eve)
    session = signed_in.client.session
    session["_pwdless_login"] = {**record, "at": time.time(), "mfa_at": time.time()}
    session.save()
    assert not is_fresh(signed_in)
    assert signed_in.client.get("/vault/").status_code == 403
