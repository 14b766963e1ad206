"""One thing is set wrong: people read neutral words, and one log line says what to change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from django_pwdless.localtenant import LocalTenant

from .browser import ANN, TOKEN, Browser, outcome
from .conftest import Configure, NewBrowser
from .hosted import log_in_hosted, press_mailed_link

pytestmark = pytest.mark.django_db

SETUP = Path(__file__).parents[2].joinpath("docs/howto/watch.md").read_text(encoding="utf-8")
OTP = "http://auth0.com/oauth/grant-type/passwordless/otp"
Wrong = Callable[[LocalTenant, Configure], None]
Lines = Callable[[], list[str]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """What the log has told the owner."""
    return lambda: [found.message for found in caplog.records if found.name == "django_pwdless"]


def no_otp_grant(tenant: LocalTenant, configure: Configure) -> None:
    tenant.client.grants.discard(OTP)


def no_mfa_grant(tenant: LocalTenant, configure: Configure) -> None:
    tenant.add_person(ANN, factors=["email"])
    tenant.client.grants = {OTP}


def connection_off_for_the_application(tenant: LocalTenant, configure: Configure) -> None:
    tenant.client.connections.discard("email")


def no_such_connection(tenant: LocalTenant, configure: Configure) -> None:
    tenant.switches.connections = "sms"


def another_secret(tenant: LocalTenant, configure: Configure) -> None:
    configure(CLIENT_SECRET="another")


def another_secret_at_some_tenants(tenant: LocalTenant, configure: Configure) -> None:
    tenant.switches.bad_secret_as_access_denied = True
    configure(CLIENT_SECRET="another")


def no_secret(tenant: LocalTenant, configure: Configure) -> None:
    configure(CLIENT_SECRET=None)


def another_profile(tenant: LocalTenant, configure: Configure) -> None:
    tenant.answer(TOKEN, 403, "unauthorized_client", "Not allowed.")


def api_of_somebody_else(tenant: LocalTenant, configure: Configure) -> None:
    tenant.answer(TOKEN, 403, "access_denied", "Service not found: https://api.example")


@pytest.mark.parametrize(
    ("is_wrong", "switch"),
    [
        (no_otp_grant, "the grant type Passwordless OTP is off"),
        (no_mfa_grant, "the grant type MFA is off"),
        (connection_off_for_the_application, "turn the application on under Authentication"),
        (no_such_connection, "turn Email (or SMS) on under Authentication > Passwordless"),
        (another_secret, "PWDLESS['CLIENT_SECRET'] (or CLIENT_ASSERTION_KEY) is not accepted"),
        (another_secret_at_some_tenants, "PWDLESS['CLIENT_SECRET']"),
        (no_secret, "the application must authenticate: set PWDLESS['CLIENT_SECRET']"),
        (another_profile, "Authentication > Authentication Profile is Identifier First"),
        (api_of_somebody_else, "PWDLESS['AUDIENCE'] names no API"),
    ],
)
def test_one_log_line_names_the_switch(
    is_wrong: Wrong,
    switch: str,
    browser: Browser,
    tenant: LocalTenant,
    configure: Configure,
    lines: Lines,
) -> None:
    configure(CUSTOMIZE_MFA=True)
    is_wrong(tenant, configure)
    response = browser.ask()
    if response.status_code == 302:
        response = browser.answer()
    if response.status_code == 302:
        response = browser.post("mfa_challenge", code=tenant.inbox.latest().code)
    assert outcome(response) == (503, "unavailable")
    (line,) = lines()
    said = line.removeprefix("Auth0 refused the application: ")
    assert switch in said
    assert f"`{said}`" in SETUP


@pytest.fixture
def backends(settings: Any) -> list[str]:
    """The site's ``AUTHENTICATION_BACKENDS`` as they should be; ours is forgotten."""
    right = list(settings.AUTHENTICATION_BACKENDS)
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    return right


def test_forgotten_backend_spends_no_code(
    backends: list[str], browser: Browser, tenant: LocalTenant, settings: Any, lines: Lines
) -> None:
    browser.ask()
    assert outcome(browser.answer()) == (503, "unavailable")
    (line,) = lines()
    assert f"`{line.removeprefix('A setting is wrong: ')}`" in SETUP
    assert tenant.calls(TOKEN) == []
    settings.AUTHENTICATION_BACKENDS = backends
    assert browser.answer().status_code == 302 and browser.user_id


@pytest.mark.usefixtures("backends")
@pytest.mark.parametrize("method", ["email-link", "universal"])
def test_forgotten_backend_is_no_500_after_a_redirect(
    method: str, browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(METHODS=[method])
    if method == "universal":
        path = log_in_hosted(tenant, browser.get("universal")["Location"])
    else:
        browser.ask()
        path = press_mailed_link(tenant)
    assert outcome(browser.client.get(path)) == (503, "unavailable")


def test_assertion_key_that_cannot_be_read(
    browser: Browser, configure: Configure, lines: Lines
) -> None:
    configure(CLIENT_SECRET=None, CLIENT_ASSERTION_KEY="no key")
    assert outcome(browser.ask()) == (503, "unavailable")
    (line,) = lines()
    assert line.startswith("A setting is wrong: PWDLESS['CLIENT_ASSERTION_KEY']")


def type_codes(new_browser: NewBrowser, code: str, times: int) -> None:
    """People get a code of another length and type it."""
    for _ in range(times):
        browser = new_browser()
        browser.ask()
        assert browser.answer(code).status_code == 200


def test_code_length_of_another_tenant(
    browser: Browser, new_browser: NewBrowser, configure: Configure, lines: Lines
) -> None:
    configure(RATE_LIMITS={"start": {"pair": None, "identifier": None}})
    # A code that is right: nothing is left of other tests.
    browser.sign_in()
    type_codes(new_browser, "1234 5678", 4)
    type_codes(new_browser, "12345", 4)
    assert lines() == []
    type_codes(new_browser, "87654321", 4)
    (line,) = lines()
    assert "codes of 8 digits" in line and "PWDLESS['CODE_LENGTH'] is 6" in line
    assert "8765" not in line
    new_browser().sign_in()
    type_codes(new_browser, "12345678", 4)
    assert len(lines()) == 1
    type_codes(new_browser, "12345678", 1)
    assert len(lines()) == 2


@pytest.mark.parametrize("code", ["123", "1" * 13, "12345x78", "x" * 8])
def test_what_is_no_code_of_any_tenant(
    code: str, browser: Browser, new_browser: NewBrowser, configure: Configure, lines: Lines
) -> None:
    configure(RATE_LIMITS={"start": {"pair": None, "identifier": None}})
    browser.sign_in()
    type_codes(new_browser, code, 6)
    assert lines() == []


def state_in(address: str) -> str:
    """The state that Auth0 gets with the request, and sends back."""
    (state,) = parse_qs(urlsplit(address).query)["state"]
    return state


@pytest.mark.parametrize(
    "error",
    ["invalid_request", "invalid_scope", "unauthorized_client", "unsupported_response_type"],
)
def test_request_that_auth0_does_not_like_is_no_fault_of_the_link(
    error: str,
    browser: Browser,
    configure: Configure,
    lines: Lines,
) -> None:
    configure(METHODS=["email-code", "universal"])
    address = browser.get("universal")["Location"]
    back = browser.get("callback", state=state_in(address), error=error)
    assert outcome(back) == (400, "link_expired")
    (line,) = lines()
    assert f"with {error}." in line and "Monitoring > Logs" in line


def test_error_that_a_stranger_made_up_is_not_in_the_log(
    browser: Browser, configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    configure(METHODS=["email-code", "universal"])
    state = state_in(browser.get("universal")["Location"])
    browser.get("callback", state=state, error="invalid_request\nforged")
    assert "forged" not in caplog.text


def test_provider_that_fails_is_no_outage_of_auth0(
    browser: Browser,
    tenant: LocalTenant,
    configure: Configure,
    lines: Lines,
) -> None:
    tenant.switches.sms_error = "sms_gateway_unauthenticated"
    configure(METHODS=["sms-code"], PHONE_REGIONS=["US"])
    assert outcome(browser.ask("+12025550123")) == (503, "not_delivered")
    (line,) = lines()
    assert line.startswith("Auth0 could not deliver a message:")
    assert "`Auth0 could not deliver a message:`" in SETUP


def wants_a_captcha(tenant: LocalTenant, browser: Browser) -> Any:
    tenant.switches.bot_detection = "requires_verification"
    return browser.ask()


def wants_a_second_factor(tenant: LocalTenant, browser: Browser) -> Any:
    tenant.add_person(ANN, factors=["otp"])
    return browser.sign_in()


@pytest.mark.parametrize(
    ("ask", "begins"),
    [
        (wants_a_captcha, "Auth0 wants a CAPTCHA"),
        (wants_a_second_factor, "Auth0 wants a second factor that this site does not offer:"),
    ],
)
@pytest.mark.parametrize("others", [[], ["universal"]])
def test_people_who_cannot_go_on_are_told_of(
    others: list[str],
    ask: Callable[[LocalTenant, Browser], Any],
    begins: str,
    browser: Browser,
    tenant: LocalTenant,
    configure: Configure,
    lines: Lines,
) -> None:
    configure(METHODS=["email-code", *others])
    assert ask(tenant, browser).status_code == 403
    assert [line.startswith(begins) and "'universal'" in line for line in lines()] == (
        [] if others else [True]
    )
    assert f"`{begins}`" in SETUP


def test_factor_that_is_off_at_auth0_is_named(
    browser: Browser,
    tenant: LocalTenant,
    configure: Configure,
    lines: Lines,
) -> None:
    configure(CUSTOMIZE_MFA=True)
    tenant.add_person(ANN, mfa="enroll")
    tenant.switches.disabled_factors = "otp"
    browser.sign_in()
    response = browser.post("mfa_enroll", factor="otp")
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["factor"])
    (line,) = lines()
    assert line.startswith("Auth0 lets nobody set up otp:") and "MFA_ENROLL_FACTORS" in line
    assert "`Auth0 lets nobody set up`" in SETUP


@pytest.mark.parametrize(
    ("fault", "rule", "cause"),
    [
        ("hs256_with_client_id", "InvalidSignature", "JsonWebToken Signature Algorithm"),
        ("wrong_iss", "InvalidIssuer", "PWDLESS['DOMAIN']"),
        ("wrong_aud", "InvalidAudience", "PWDLESS['CLIENT_ID']"),
        ("iat_in_future", "InvalidTime", "the clock of this server"),
        ("unknown_kid", "UnknownKey", "PWDLESS['DOMAIN']"),
    ],
)
def test_token_that_is_refused_is_explained(
    fault: str,
    rule: str,
    cause: str,
    browser: Browser,
    tenant: LocalTenant,
    lines: Lines,
) -> None:
    tenant.token_fault = fault
    assert outcome(browser.sign_in()) == (403, "refused")
    (line,) = lines()
    assert line.startswith("An ID token was refused:")
    assert f"({rule}) If it happens to everybody:" in line
    assert cause in line.partition("everybody")[2]
