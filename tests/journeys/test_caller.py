"""What Auth0 learns of the person: language and address (threat 18)."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant

from .browser import ANN, START, TOKEN, Browser
from .conftest import Configure

pytestmark = pytest.mark.django_db

PUBLIC = "8.8.8.8"


@pytest.fixture
def locale_middleware(settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]


@pytest.mark.usefixtures("locale_middleware")
@pytest.mark.parametrize("language", ["de", "pt-br", "zh-hans"])
def test_language_of_the_page_is_told_to_auth0(
    language: str, browser: Browser, tenant: LocalTenant
) -> None:
    browser.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    browser.sign_in()
    assert [call.language for call in tenant.calls(START)] == [language]
    assert [call.language for call in tenant.calls(TOKEN)] == [language]


def test_language_of_the_site(browser: Browser, tenant: LocalTenant, settings: Any) -> None:
    settings.LANGUAGE_CODE = "fr"
    browser.ask()
    assert tenant.calls(START)[0].language == "fr"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (PUBLIC, PUBLIC),
        ("2606:4700::1111", "2606:4700::1111"),
        ("::ffff:8.8.8.8", PUBLIC),
        ("127.0.0.1", None),
        ("10.0.0.1", None),
        ("203.0.113.9", None),
        ("unix:", None),
        ("", None),
    ],
)
def test_only_a_global_address_is_told_to_auth0(
    address: str, told: str | None, browser: Browser, tenant: LocalTenant
) -> None:
    browser.client.defaults["REMOTE_ADDR"] = address
    browser.sign_in()
    calls = tenant.calls(START) + tenant.calls(TOKEN)
    assert [call.forwarded_for for call in calls] == [told, told]


def test_address_behind_a_proxy(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(TRUSTED_PROXIES=1)
    browser.client.defaults["HTTP_X_FORWARDED_FOR"] = f"9.9.9.9, {PUBLIC}"
    browser.sign_in()
    assert {call.forwarded_for for call in tenant.calls(TOKEN)} == {PUBLIC}


def test_forged_address_is_not_told_to_auth0(browser: Browser, tenant: LocalTenant) -> None:
    browser.client.defaults["HTTP_X_FORWARDED_FOR"] = "9.9.9.9"
    browser.client.defaults["HTTP_AUTH0_FORWARDED_FOR"] = "9.9.9.9"
    browser.ask()
    assert tenant.calls(START)[0].forwarded_for is None


@pytest.mark.parametrize(("kind", "told"), [("private_key", PUBLIC), ("public", None)])
def test_address_goes_with_client_authentication(
    kind: str, told: str | None, browser: Browser, tenant: LocalTenant, settings: Any
) -> None:
    client = tenant.add_client(kind)
    settings.PWDLESS = tenant.settings_for(client)
    browser.client.defaults["REMOTE_ADDR"] = PUBLIC
    assert browser.sign_in().status_code == 302 and browser.user_id
    assert [call.forwarded_for for call in tenant.calls(TOKEN)] == [told]


def test_keys_are_fetched_for_nobody(came_in: Browser, tenant: LocalTenant) -> None:
    (call,) = tenant.calls("/.well-known/jwks.json")
    assert (call.forwarded_for, call.language) == (None, None)


def test_key_is_used_once(browser: Browser, tenant: LocalTenant, settings: Any) -> None:
    settings.PWDLESS = tenant.settings_for(tenant.add_client("private_key"))
    browser.sign_in()
    assertions = [call.body["client_assertion"] for call in tenant.requests if call.body]
    assert len(assertions) == len(set(assertions)) == 2


def test_address_is_read_by_the_site(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(CLIENT_IP="tests.limits.test_client_ip.from_header")
    browser.client.post(
        reverse("pwdless:login"), {"identifier": ANN}, headers={"x-real-ip": PUBLIC}
    )
    assert tenant.calls(START)[0].forwarded_for == PUBLIC
