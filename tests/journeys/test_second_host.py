"""A site with two hosts, a prefix for each language, and a session cookie for each host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.core import mail
from django.urls import include, path, reverse
from django.utils import translation

from django_pwdless.localtenant import LocalTenant

from .browser import Browser
from .conftest import Configure, NewBrowser
from .hosted import log_in_hosted

pytestmark = pytest.mark.django_db(transaction=True)

urlpatterns = i18n_patterns(path("accounts/", include("django_pwdless.urls")))

LOCALE = "django.middleware.locale.LocaleMiddleware"


@pytest.fixture(autouse=True)
def two_hosts(settings: Any, configure: Configure) -> Iterator[None]:
    configure(
        BASE_URL="http://testserver",
        METHODS=["email-code", "universal"],
        NOTICES=["new_sign_in"],
        LOGOUT="auth0",
    )
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["testserver", "second.example"]
    settings.LOGIN_REDIRECT_URL = "/"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, LOCALE]
    with translation.override("de"):
        yield


@pytest.fixture
def second(new_browser: NewBrowser) -> Browser:
    """A browser on the second host."""
    return new_browser(SERVER_NAME="second.example")


def moved(response: Any) -> str:
    """The path on ``BASE_URL`` that a browser is moved to."""
    parts = urlsplit(response["Location"])
    assert (response.status_code, parts.netloc) == (302, "testserver")
    return f"{parts.path}?{parts.query}"


def test_code_signs_in_where_it_was_asked_for(second: Browser, new_browser: NewBrowser) -> None:
    second.sign_in()
    again = new_browser(SERVER_NAME="second.example")
    again.sign_in()
    assert second.user_id == again.user_id is not None
    (notice,) = mail.outbox
    assert "http://testserver/de/accounts/identities/" in notice.body


@pytest.mark.parametrize("query", [{}, {"mfa": "1"}, {"max_age": "60"}])
def test_universal_login_ends_on_the_first_host(
    query: dict[str, str], second: Browser, browser: Browser, tenant: LocalTenant
) -> None:
    """In the language that it was begun in; the second host's session stays as it is."""
    second.sign_in()
    before = second.session_key
    to_auth0 = browser.client.get(moved(second.get("universal", next="/de/in/", **query)))
    assert "ui_locales=de" in to_auth0["Location"]
    back = log_in_hosted(tenant, to_auth0["Location"])
    assert back.startswith("/de/accounts/callback/")
    done = browser.client.get(back)
    assert (done.status_code, done["Location"]) == (302, "/de/in/")
    assert browser.user_id == second.user_id and second.session_key == before


def test_signing_out_leaves_the_other_hosts_session(
    second: Browser, browser: Browser, tenant: LocalTenant
) -> None:
    second.sign_in()
    to_auth0 = browser.get("universal")["Location"]
    browser.client.get(log_in_hosted(tenant, to_auth0))
    assert browser.post("logout")["Location"] == reverse("pwdless:logged_out")
    at_auth0 = browser.get("logged_out").context["auth0_logout_url"]
    assert "returnTo=http%3A%2F%2Ftestserver%2Fde%2Faccounts%2Flogged-out%2F" in at_auth0
    assert browser.user_id is None and second.user_id


def test_factors_of_somebody_signed_in_elsewhere(
    second: Browser, browser: Browser, configure: Configure
) -> None:
    """On the first host nobody is signed in: the way leads to the login page, and no circle."""
    configure(FACTORS_PAGE=True, CUSTOMIZE_MFA=True)
    second.sign_in()
    response = browser.client.get(moved(second.get("universal", factors="1")))
    assert response["Location"] == "/de/accounts/login/?next=/de/accounts/factors/"
