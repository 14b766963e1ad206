"""People who are signed in already, and those who sign out: threats 9, 11, 27 and 39."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse

from django_pwdless.backends import PasswordlessBackend  # noqa: F401  (named by a setting)
from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from django_pwdless.views import LoggedOutView, LoginView, LogoutView, ResendView, VerifyView

from .browser import ANN, BEN, Browser, outcome
from .conftest import Configure

pytestmark = pytest.mark.django_db


@permission_required("auth.delete_user")
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("You may.")


@login_required
def members(request: HttpRequest) -> HttpResponse:
    return HttpResponse("You are in.")


through_the_app = admin.AdminSite("through-the-app")
through_the_app.login = login_required(through_the_app.login)  # type: ignore[method-assign]
for_staff = admin.AdminSite("for-staff")
for_staff.login = staff_member_required(  # type: ignore[method-assign]
    for_staff.login, login_url="pwdless:login"
)

urlpatterns = [
    path("", members, name="home"),
    path("guarded/", guarded, name="guarded"),
    path("accounts/", include("django_pwdless.urls")),
    path("admin/", through_the_app.urls),
    path("staff/", for_staff.urls),
]


def test_backend_named_by_where_it_was_imported_to(browser: Browser, settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.PasswordlessBackend"]
    browser.sign_in()
    assert b"Hello, user-" in browser.client.get("/").content


def test_login_page_leads_on(signed_in: Browser) -> None:
    assert outcome(signed_in.get("login")) == (302, reverse("home"))


def test_login_page_with_a_target_says_who_is_signed_in(signed_in: Browser) -> None:
    page = signed_in.get("login", next="/in/")
    assert page.status_code == 200
    assert page.context["signed_in_as"] == ANN
    text = page.content.decode()
    assert 'href="/in/"' in text and 'name="identifier"' in text


def test_signed_in_person_without_an_address(signed_in: Browser) -> None:
    get_user_model().objects.update(email="", username="annie")
    assert signed_in.get("login", next="/in/").context["signed_in_as"] == "annie"


def test_person_who_has_a_number_only_is_called_by_it(
    browser: Browser, configure: Configure
) -> None:
    configure(METHODS=["sms-code"])
    browser.sign_in("+12025550123")
    assert browser.get("login", next="/in/").context["signed_in_as"] == "+12025550123"


def test_person_without_address_or_number_is_called_by_the_user_name(signed_in: Browser) -> None:
    get_user_model().objects.update(email="")
    Identity.objects.update(email="")
    name = get_user_model().objects.get().get_username()
    assert signed_in.get("login", next="/in/").context["signed_in_as"] == name


def test_new_login_replaces_the_old_one(signed_in: Browser) -> None:
    # threat 9
    before, ann = signed_in.session_key, signed_in.user_id
    session = signed_in.client.session
    session["basket"] = ["bread"]
    session.save()
    assert signed_in.sign_in(BEN).status_code == 302 and signed_in.user_id
    assert signed_in.user_id not in (None, ann)
    assert signed_in.session_key != before
    assert "basket" not in signed_in.client.session


def test_same_person_again_has_a_new_session_too(signed_in: Browser, configure: Configure) -> None:
    configure(RESEND_COOLDOWN=0)
    before, ann = signed_in.session_key, signed_in.user_id
    session = signed_in.client.session
    session["basket"] = ["bread"]
    session.save()
    signed_in.sign_in()
    assert signed_in.user_id == ann
    assert signed_in.session_key != before and "basket" not in signed_in.client.session


def test_asking_signs_nobody_out(signed_in: Browser) -> None:
    ann = signed_in.user_id
    signed_in.ask(BEN)
    signed_in.answer(signed_in.wrong_code)
    assert signed_in.user_id == ann


def test_refusal_signs_nobody_out(signed_in: Browser, tenant: LocalTenant) -> None:
    ann = signed_in.user_id
    tenant.add_person(BEN, denied=True)
    assert outcome(signed_in.sign_in(BEN)) == (403, "refused")
    assert signed_in.user_id == ann


@pytest.mark.parametrize(
    "target",
    [
        *("pwdless:login", "/accounts/login/", "/accounts/login/?next=", "/accounts/login/?a=b"),
        *(
            "/accounts/login/#top",
            "http://testserver/accounts/login/",
            "//testserver/accounts/login/",
        ),
    ],
)
def test_login_that_leads_to_itself_does_not_loop(
    target: str, browser: Browser, settings: Any
) -> None:
    # threat 27
    settings.LOGIN_REDIRECT_URL = target
    browser.ask()
    page = browser.client.post(reverse("pwdless:verify"), {"code": browser.code}, follow=True)
    assert page.status_code == 200
    assert page.context["signed_in_as"]


def test_default_that_does_not_exist_is_no_matter_before(browser: Browser, settings: Any) -> None:
    settings.LOGIN_REDIRECT_URL = "no-such-view"
    assert browser.get("login").status_code == 200


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("page", ["/guarded/", "/admin/", "/staff/", "/staff/auth/user/"])
def test_page_without_permission_does_not_loop(page: str, browser: Browser) -> None:
    # threats 27 and 39
    browser.sign_in()
    answer = browser.client.get(page, follow=True)
    assert answer.status_code == 200
    assert len(answer.redirect_chain) <= 3


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("page", ["/", "/guarded/", "/admin/", "/staff/"])
def test_page_is_reached_through_the_app(page: str, browser: Browser) -> None:
    browser.sign_in()
    get_user_model().objects.update(is_staff=True, is_superuser=True)
    browser.post("logout")
    form = browser.client.get(page, follow=True)
    assert form.templates[0].name == "django_pwdless/login.html"
    browser.post("login", identifier=ANN, next=form.context["next"])
    answer = browser.client.post(reverse("pwdless:verify"), {"code": browser.code}, follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == page


def test_logout_ends_the_session(signed_in: Browser) -> None:
    before = signed_in.session_key
    assert outcome(signed_in.post("logout")) == (302, reverse("pwdless:logged_out"))
    assert signed_in.user_id is None
    assert signed_in.session_key != before
    page = signed_in.get("logged_out")
    assert (page.status_code, page.context["continue_url"]) == (200, None)


@pytest.mark.parametrize(
    ("setting", "next_url", "target"),
    [
        (None, "", "/accounts/logged-out/"),
        (None, "/bye/", "/bye/"),
        ("home", "", "/"),
        ("/gone/", "", "/gone/"),
        ("/gone/", "/bye/", "/bye/"),
        ("/gone/", "//evil.example", "/gone/"),
    ],
)
def test_where_a_logout_leads(
    setting: str | None, next_url: str, target: str, signed_in: Browser, settings: Any
) -> None:
    settings.LOGOUT_REDIRECT_URL = setting
    assert outcome(signed_in.post("logout", next=next_url)) == (302, target)


def test_logout_of_nobody(browser: Browser) -> None:
    assert outcome(browser.post("logout")) == (302, reverse("pwdless:logged_out"))


def test_logout_takes_all_of_the_session(signed_in: Browser) -> None:
    session = signed_in.client.session
    session["basket"] = ["bread"]
    session.save()
    signed_in.post("logout")
    assert not list(signed_in.client.session.keys())


def test_signing_in_again_after_signing_out(signed_in: Browser) -> None:
    ann = signed_in.user_id
    signed_in.post("logout")
    signed_in.sign_in()
    assert signed_in.user_id == ann


def test_logout_calls_nobody(signed_in: Browser, tenant: LocalTenant) -> None:
    before = len(tenant.requests)
    signed_in.post("logout")
    signed_in.get("logged_out")
    assert len(tenant.requests) == before


@pytest.fixture
def login_required_everywhere(settings: Any) -> None:
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE,
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ]


@pytest.mark.usefixtures("login_required_everywhere")
def test_every_step_under_login_required_middleware(browser: Browser) -> None:
    # threats 27 and 40
    assert browser.client.get("/")["Location"] == "/accounts/login/?next=/"
    assert browser.get("login").status_code == 200
    browser.ask()
    assert browser.get("verify").status_code == 200
    assert browser.post("resend").status_code == 302
    assert outcome(browser.answer()) == (302, "/")
    assert browser.client.get("/").status_code == 200
    assert outcome(browser.post("logout")) == (302, reverse("pwdless:logged_out"))
    assert browser.get("logged_out").status_code == 200


class OwnDispatch:
    """What a site's subclass may do."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().dispatch(request, *args, **kwargs)
        response["X-Site"] = "own"
        return response


def own(view: type, name: str) -> Any:
    subclass: Any = type(f"Site{view.__name__}", (OwnDispatch, view), {})
    return path(f"accounts/{name}/", subclass.as_view())


class SiteUrls:
    """The app's views, each swapped for one of the site's own."""

    urlpatterns = [
        *[own(LoginView, "login"), own(VerifyView, "verify"), own(ResendView, "resend")],
        *[own(LogoutView, "logout"), own(LoggedOutView, "logged-out")],
        *urlpatterns,
    ]


@pytest.mark.usefixtures("login_required_everywhere")
def test_subclass_that_overrides_dispatch(browser: Browser, settings: Any) -> None:
    # threat 40
    settings.ROOT_URLCONF = SiteUrls
    steps = [browser.get("login"), browser.ask(), browser.get("verify"), browser.post("resend")]
    steps += [browser.answer(), browser.post("logout"), browser.get("logged_out")]
    assert [step.status_code for step in steps] == [200, 302, 200, 302, 302, 302, 200]
    for step in steps:
        assert step["X-Site"] == "own"
        assert step["Cache-Control"] == "no-store, private"
