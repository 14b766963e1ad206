"""The admin, signed in to through the app."""

from __future__ import annotations

import time
from types import ModuleType
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import SESSION_KEY, get_user_model
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from django_pwdless.contrib.admin import PwdlessAdminSite, PwdlessAdminSiteMixin
from django_pwdless.localtenant import LocalTenant
from django_pwdless.session.login_record import LOGIN_KEY, LoginRecord

pytestmark = pytest.mark.django_db

INDEX, LOGIN, LOGOUT = "/admin/", "/admin/login/", "/admin/logout/"
USERS = "/admin/auth/user/?q=ann"
MFA = {"ADMIN_MFA": True, "CUSTOMIZE_MFA": True}


@pytest.fixture
def staff(client: Client) -> Client:
    """Somebody of the staff, signed in."""
    client.force_login(get_user_model().objects.create_superuser("ann", password="a password"))
    return client


@pytest.fixture
def stranger(client: Client) -> Client:
    """Somebody signed in who is not staff."""
    client.force_login(get_user_model().objects.create_user("eve", "eve@example.com"))
    return client


def prove(client: Client, seconds_ago: float = 0) -> None:
    """Have the session remember a second factor."""
    session = client.session
    at = time.time() - seconds_ago
    record = LoginRecord(session[SESSION_KEY], at, mfa_at=at, mfa_factor="otp")
    session[LOGIN_KEY] = dict(vars(record))
    session.save()


def test_default_site_is_ours() -> None:
    assert isinstance(admin.site, PwdlessAdminSite)


def test_stranger_signs_in_on_our_page_and_comes_back(
    client: Client, pwdless_tenant: LocalTenant
) -> None:
    response = client.get(USERS, follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=/admin/auth/user/%3Fq%3Dann"
    identifier = {"identifier": "ann@example.com", "next": response.context["next"]}
    client.post(reverse("pwdless:login"), identifier)
    code = pwdless_tenant.inbox.latest("ann@example.com").code
    response = client.post(reverse("pwdless:verify"), {"code": code})
    assert response["Location"] == USERS
    response = client.get(USERS, follow=True)
    assert response.status_code == 403 and "ann@example.com" in response.text
    get_user_model().objects.update(is_staff=True, is_superuser=True)
    assert client.get(USERS).status_code == 200


def test_no_password_is_taken(client: Client) -> None:
    get_user_model().objects.create_superuser("ann", password="a password")
    response = client.post(LOGIN, {"username": "ann", "password": "a password", "next": INDEX})
    assert response.status_code == 405
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize("where", [INDEX, USERS, LOGIN, f"{LOGIN}?next={USERS}", "/admin/nowhere/"])
def test_who_is_not_staff_is_told_so_without_a_loop(stranger: Client, where: str) -> None:
    response = stranger.get(where, follow=True)
    assert response.status_code == 403
    assert len(response.redirect_chain) <= 1
    assert "eve@example.com" in response.text
    assert "no-store" in response["Cache-Control"]


def test_who_is_not_staff_can_sign_in_as_somebody_else(stranger: Client) -> None:
    switch_url = stranger.get(USERS, follow=True).context["switch_url"]
    assert switch_url == "/accounts/login/?next=/admin/auth/user/%3Fq%3Dann"
    response = stranger.get(switch_url)
    assert response.status_code == 200 and response.context["signed_in_as"] == "eve@example.com"


HOSTILE = ["https://evil.example/", "//evil.example", "javascript:alert(1)", LOGIN, LOGOUT, ""]


@pytest.mark.parametrize("target", HOSTILE)
def test_staff_go_on_within_the_site_only(staff: Client, target: str) -> None:
    response = staff.get(LOGIN, {"next": target}, follow=True)
    assert response.request["PATH_INFO"] == INDEX and response.status_code == 200
    assert len(response.redirect_chain) <= 2


def test_staff_go_on_to_where_they_wanted(staff: Client) -> None:
    assert staff.get(LOGIN, {"next": USERS})["Location"] == USERS


@pytest.mark.parametrize("target", HOSTILE)
def test_strangers_go_on_within_the_site_only(client: Client, target: str) -> None:
    assert "evil" not in client.get(LOGIN, {"next": target})["Location"]


@pytest.mark.parametrize("is_staff", [True, False])
def test_logout_is_ours(client: Client, configure: Any, is_staff: bool) -> None:
    """Also for those who are not staff, or lack the second factor."""
    configure(**MFA)
    client.force_login(get_user_model().objects.create_user("ann", is_staff=is_staff))
    assert client.get(LOGOUT).status_code == 405
    assert client.post(LOGOUT)["Location"] == reverse("pwdless:logged_out")
    assert SESSION_KEY not in client.session


def test_logout_needs_the_forms_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.create_user("ann", is_staff=True))
    assert client.post(LOGOUT).status_code == 403
    assert SESSION_KEY in client.session


def admin_urls() -> list[str]:
    """The addresses of all that the admin shows to staff."""
    names = [getattr(pattern, "name", None) for pattern in admin.site.get_urls()]
    plain = [
        name for name in names if name not in {None, "login", "logout", "view_on_site", "app_list"}
    ]
    models = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
    more = [f"{model}_changelist" for model in models]
    return [*dict.fromkeys(reverse(f"admin:{name}") for name in [*plain, *more]), "/admin/x/"]


@pytest.mark.parametrize("where", [*range(12)])
def test_each_view_asks_for_a_second_factor(staff: Client, configure: Any, where: int) -> None:
    configure(**MFA)
    urls = admin_urls()
    assert 8 <= len(urls) <= 12
    if where < len(urls):
        for method in (staff.get, staff.post):
            response = method(urls[where])
            assert response.status_code == 403
            assert 'data-pwdless-outcome="step_up"' in response.text
            assert "no-store" in response["Cache-Control"]


def test_second_factor_opens_the_admin(staff: Client, configure: Any) -> None:
    configure(**MFA)
    way_on = staff.get(USERS).context["retry_url"]
    assert way_on == "/accounts/login/?next=/admin/auth/user/%3Fq%3Dann&confirm=1"
    assert staff.get(way_on).status_code == 200
    prove(staff)
    assert staff.get(USERS).status_code == 200


def test_who_is_not_staff_is_told_so_before_a_second_factor(
    stranger: Client, configure: Any
) -> None:
    configure(**MFA)
    response = stranger.get(INDEX, follow=True)
    assert response.templates[0].name == "django_pwdless/not_staff.html"
    prove(stranger)
    assert stranger.get(INDEX, follow=True).status_code == 403


def test_strangers_are_asked_for_no_second_factor_yet(client: Client, configure: Any) -> None:
    configure(**MFA)
    assert client.get(INDEX, follow=True).status_code == 200


class OwnSite(PwdlessAdminSiteMixin, admin.AdminSite):
    """A site of one's own, with a view of its own."""

    def get_urls(self) -> list[Any]:
        return [path("own/", self.admin_view(self.own)), *super().get_urls()]

    def own(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("own")


@pytest.fixture
def own_site(settings: Any) -> None:
    urls = ModuleType("own_site_urls")
    accounts = path("accounts/", include("django_pwdless.urls"))
    vars(urls)["urlpatterns"] = [accounts, path("office/", OwnSite("office").urls)]
    settings.ROOT_URLCONF = urls
    settings.LOGIN_REDIRECT_URL = "/"


@pytest.mark.usefixtures("own_site")
def test_site_of_ones_own(staff: Client, configure: Any) -> None:
    assert staff.get("/office/login/")["Location"] == "/office/"
    assert staff.get("/office/own/").text == "own"
    configure(**MFA)
    assert staff.get("/office/own/").status_code == 403
    assert staff.post("/office/logout/").status_code == 302
    response = staff.get("/office/own/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=/office/own/"


def test_login_required_middleware_leads_to_our_page_too(client: Client, settings: Any) -> None:
    middleware = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, middleware]
    response = client.get(USERS, follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=/admin/auth/user/%3Fq%3Dann"
    assert response.status_code == 200
