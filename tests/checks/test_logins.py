from __future__ import annotations

import sys
from typing import Any

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, reverse_lazy, set_script_prefix
from django.views.generic import RedirectView

from . import MINIMAL, ids

home = RedirectView.as_view(url="/")

urlpatterns = [
    path("home/", home, name="home"),
    path("accounts/", include("django_pwdless.urls")),
    *i18n_patterns(path("news/", home, name="news")),
]


def test_link_nonce_off() -> None:
    assert ids({**MINIMAL, "LINK_NONCE": False}) == ["pwdless.W060"]


@pytest.mark.parametrize("method", ["email-link", "universal"])
@pytest.mark.parametrize("policy", ["Strict", "strict"])
def test_strict_cookie_with_a_redirect_method(method: str, policy: str) -> None:
    keys = {**MINIMAL, "METHODS": ["email-code", method]}
    assert ids(keys, SESSION_COOKIE_SAMESITE=policy) == ["pwdless.W061"]
    assert ids(keys, SESSION_COOKIE_SAMESITE="Lax") == []


def test_strict_cookie_without_a_redirect_method() -> None:
    assert ids(SESSION_COOKIE_SAMESITE="Strict") == []


def test_nobody_can_come_for_the_first_time() -> None:
    assert ids({**MINIMAL, "CREATE_USERS": False}) == ["pwdless.W062"]
    assert ids({**MINIMAL, "CREATE_USERS": False, "LINK_BY_VERIFIED_EMAIL": True}) == []


SECOND_FACTORS = {**MINIMAL, "CUSTOMIZE_MFA": True, "PHONE_REGIONS": ["DE"]}


@pytest.mark.parametrize("factor", ["otp", "push-notification"])
def test_qr_extra_missing(factor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    keys = {**SECOND_FACTORS, "MFA_ENROLL_FACTORS": ["phone", factor]}
    assert ids(keys) == ["pwdless.W063"]
    assert ids({**keys, "CUSTOMIZE_MFA": False}) == []
    assert ids({**keys, "MFA_ENROLL_FACTORS": ["phone"]}) == []


def test_qr_extra_is_installed() -> None:
    assert ids(SECOND_FACTORS) == []


@pytest.mark.parametrize(
    "target",
    [
        *("home", "/home/", "/home", "/home/?tab=1#top", reverse_lazy("home"), home),
        *("news", "/en/news/", "/de/news/", "https://www.example.com/", "//www.example.com/"),
    ],
)
def test_redirect_to_a_page(target: Any) -> None:
    assert ids(ROOT_URLCONF=__name__, LOGIN_REDIRECT_URL=target) == []


def test_default_that_is_no_page() -> None:
    assert ids(LOGIN_REDIRECT_URL="/accounts/profile/") == ["pwdless.W064"]


@pytest.mark.parametrize("name", ["LOGIN_URL", "LOGOUT_REDIRECT_URL"])
@pytest.mark.parametrize("target", ["home", "/home/", "/de/news/", "https://www.example.com/"])
def test_other_redirect_to_a_page(name: str, target: str) -> None:
    assert ids(ROOT_URLCONF=__name__, LOGIN_REDIRECT_URL="home", **{name: target}) == []


@pytest.mark.parametrize("target", ["nowhere", "/nowhere/", "/accounts/signin/", "home/"])
def test_other_redirect_to_nothing(target: str) -> None:
    site = {"ROOT_URLCONF": __name__, "LOGIN_REDIRECT_URL": "home"}
    assert ids(**site, LOGIN_URL=target) == ["pwdless.W065"]
    assert ids(**site, LOGOUT_REDIRECT_URL=target) == ["pwdless.W066"]


@pytest.mark.parametrize("target", [None, ""])
def test_logout_without_a_redirect(target: Any) -> None:
    assert ids(LOGOUT_REDIRECT_URL=target) == []


@pytest.mark.parametrize(
    "target",
    [
        *("nowhere", "/nowhere/", "nowhere:home", "", "home/", "./home/", "/homes", "http://["),
        *(reverse_lazy("nowhere"), None, 5, [], len, "\0", "/\ud800"),
    ],
)
def test_redirect_to_nothing(target: Any) -> None:
    assert ids(ROOT_URLCONF=__name__, LOGIN_REDIRECT_URL=target) == ["pwdless.W064"]


def test_redirect_without_appended_slash() -> None:
    site: dict[str, Any] = {"ROOT_URLCONF": __name__, "APPEND_SLASH": False}
    assert ids(**site, LOGIN_REDIRECT_URL="/home") == ["pwdless.W064"]


def test_redirect_below_a_script_name() -> None:
    set_script_prefix("/site/")
    try:
        assert ids(ROOT_URLCONF=__name__, LOGIN_REDIRECT_URL="/site/home/") == []
        assert ids(ROOT_URLCONF=__name__, LOGIN_REDIRECT_URL="home") == []
        assert ids(ROOT_URLCONF=__name__, LOGIN_REDIRECT_URL="/outside/") == []
        assert ids(ROOT_URLCONF=__name__, LOGIN_REDIRECT_URL="/site/x/") == ["pwdless.W064"]
    finally:
        set_script_prefix("/")
