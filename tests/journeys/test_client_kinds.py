"""The same login for applications with a secret, with a private key, and with neither."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant

from .browser import START, TOKEN, Browser, outcome
from .hosted import log_in_hosted, press_mailed_link

pytestmark = pytest.mark.django_db

# A globally routable address, so that it may be told to Auth0.
ADDRESS = "198.41.0.4"
METHODS = ["email-code", "email-link", "universal"]


@pytest.fixture(params=["secret", "private_key", "public"])
def kind(request: pytest.FixtureRequest, tenant: LocalTenant, settings: Any) -> str:
    """Use an application of this kind."""
    name: str = request.param
    client = tenant.add_client(name)
    settings.PWDLESS = {**tenant.settings_for(client), "METHODS": METHODS, "CUSTOMIZE_MFA": True}
    return name


@pytest.fixture
def somewhere(kind: str, tenant: LocalTenant) -> Browser:
    return Browser(tenant, REMOTE_ADDR=ADDRESS)


def test_sign_in_by_code(somewhere: Browser) -> None:
    assert outcome(somewhere.sign_in()) == (302, "/")


def test_sign_in_by_link(somewhere: Browser, tenant: LocalTenant) -> None:
    somewhere.ask(method="email-link")
    assert outcome(somewhere.client.get(press_mailed_link(tenant))) == (302, "/")


def test_sign_in_by_universal_login(somewhere: Browser, tenant: LocalTenant) -> None:
    address = somewhere.get("universal")["Location"]
    assert outcome(somewhere.client.get(log_in_hosted(tenant, address))) == (302, "/")


def test_sign_in_with_a_second_factor(somewhere: Browser, tenant: LocalTenant) -> None:
    person = tenant.add_person(somewhere.identifier, factors=["otp"])
    somewhere.sign_in()
    assert outcome(somewhere.post("mfa_challenge", code=tenant.totp(person))) == (302, "/")


def test_address_is_told_only_with_client_authentication(
    kind: str, somewhere: Browser, tenant: LocalTenant
) -> None:
    somewhere.sign_in()
    told = {call.headers.get("auth0-forwarded-for") for call in tenant.calls(START)}
    told |= {call.headers.get("auth0-forwarded-for") for call in tenant.calls(TOKEN)}
    assert told == {None if kind == "public" else ADDRESS}


def test_assertion_is_never_used_twice(somewhere: Browser, tenant: LocalTenant) -> None:
    """The tenant refuses a used one, so that several logins in a row show fresh ones."""
    for _ in range(3):
        assert somewhere.sign_in().status_code == 302 and somewhere.user_id
        somewhere.post("logout")
    bodies = [*(call.body for call in tenant.calls(START)), *(c.body for c in tenant.calls(TOKEN))]
    assertions = [body["client_assertion"] for body in bodies if "client_assertion" in body]
    assert len(set(assertions)) == len(assertions)
