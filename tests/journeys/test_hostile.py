"""What somebody who means harm would try at each step."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from tests.meanwhile import meanwhile

from .browser import ANN, BEN, TOKEN, Browser, outcome
from .conftest import Configure, NewBrowser
from .hosted import log_in_hosted, press_mailed_link

pytestmark = pytest.mark.django_db


def ben(**fields: Any) -> Any:
    """Make a local user who signs in by a password."""
    return get_user_model().objects.create_user("ben", BEN, "password", **fields)


@pytest.fixture
def mfa(configure: Configure) -> None:
    configure(CUSTOMIZE_MFA=True)


# Two people, one browser


@pytest.mark.usefixtures("mfa")
def test_password_login_inherits_no_second_step(browser: Browser, tenant: LocalTenant) -> None:
    """Threat 9: whoever signs in by a password starts with nothing of a login half-way."""
    person = tenant.add_person(ANN, factors=["otp"])
    browser.ask()
    browser.answer()
    user = ben()
    assert browser.client.login(username="ben", password="password")
    answer = browser.post("mfa_challenge", code=tenant.totp(person))
    assert outcome(answer) == (302, reverse("pwdless:login"))
    assert browser.user_id == str(user.pk)


def test_password_login_inherits_no_code(half_way: Browser) -> None:
    ben()
    half_way.client.login(username="ben", password="password")
    assert not half_way.is_asked_for_code
    assert ANN not in half_way.get("login", next="/x/").content.decode()


def test_password_login_inherits_no_link(browser: Browser, configure: Configure) -> None:
    configure(METHODS=["email-link"])
    browser.ask()
    user = ben()
    browser.client.login(username="ben", password="password")
    back = browser.client.get(press_mailed_link(browser.tenant))
    assert outcome(back) == (400, "state_unknown")
    assert browser.user_id == str(user.pk)


# Universal Login


def log_in(browser: Browser, **query: Any) -> Any:
    """Follow the link, log in there, and come back."""
    address = browser.get("universal", **query)["Location"]
    return browser.client.get(log_in_hosted(browser.tenant, address))


def test_confirming_by_a_code_keeps_the_logout_at_auth0(
    browser: Browser, configure: Configure
) -> None:
    """Auth0's session in a shared browser would let the next person in."""
    configure(METHODS=["email-code", "universal"], LOGOUT="auth0")
    log_in(browser)
    page = browser.get("login", next=reverse("pwdless:identities"), confirm="1")
    (identity,) = page.context["reconfirm"]
    browser.post("login", reconfirm=identity.pk)
    browser.identifier = ANN
    assert outcome(browser.answer())[0] == 302
    browser.post("logout")
    assert browser.get("logged_out").context["auth0_logout_url"]


def test_only_universal_login_does_not_loop(browser: Browser, configure: Configure) -> None:
    """Threats 27 and 39: Auth0's own session would answer for the person again and again."""
    configure(METHODS=["universal"])
    log_in(browser)
    page = browser.get("login", next="/forbidden/")
    assert (page.status_code, page.context["signed_in_as"]) == (200, ANN)
    way_on = reverse("pwdless:universal") + "?next=/forbidden/"
    assert f'href="{way_on}"' in page.content.decode()
    assert 'name="identifier"' not in page.content.decode()
    assert outcome(browser.get("login")) == (302, "/")


def test_second_factor_of_unknown_age_is_not_fresh(
    browser: Browser, configure: Configure, settings: Any
) -> None:
    """Auth0's session, hours old, may have answered: without ``auth_time`` nobody can tell."""
    configure(METHODS=["email-code", "universal"])
    settings.ROOT_URLCONF = "tests.journeys.vault_urls"
    person = browser.tenant.add_person(ANN, claims={"auth_time": None})
    log_in(browser, mfa="1")
    assert browser.client.get("/vault/").status_code == 200
    page = browser.client.get("/fresh-vault/")
    assert page.status_code == 403
    person.claims.clear()
    address = browser.client.get(page.context["universal_url"])["Location"]
    browser.client.get(log_in_hosted(browser.tenant, address))
    assert browser.client.get("/fresh-vault/").status_code == 200


@pytest.mark.parametrize("auth_time", [float("nan"), float("-inf"), True, "1", [], -1])
def test_second_factor_at_no_time_is_not_fresh(
    auth_time: Any, browser: Browser, configure: Configure, settings: Any
) -> None:
    """Nothing compares with ``NaN``: it is neither before nor after any limit."""
    configure(METHODS=["email-code", "universal"])
    settings.ROOT_URLCONF = "tests.journeys.vault_urls"
    browser.tenant.add_person(ANN, claims={"auth_time": auth_time, "amr": ["mfa"]})
    log_in(browser)
    assert browser.client.get("/vault/").status_code == 200
    assert browser.client.get("/fresh-vault/").status_code == 403


# Odd answers of Auth0's


@pytest.mark.usefixtures("mfa")
@pytest.mark.parametrize("length", [3000, 4096])
@pytest.mark.parametrize("factor", ["otp", "push-notification"])
def test_barcode_too_long_for_a_picture(
    factor: str, length: int, browser: Browser, tenant: LocalTenant
) -> None:
    tenant.add_person(ANN, mfa="enroll")
    browser.sign_in()
    kind = {"authenticator_type": "oob", "oob_channel": "auth0", "oob_code": "x"}
    if factor == "otp":
        kind = {"authenticator_type": "otp", "secret": "ABC"}
    uri = "otpauth://totp/".ljust(length, "é")
    tenant.answer("/mfa/associate", 200, **kind, barcode_uri=uri)
    assert browser.post("mfa_enroll", factor=factor).status_code == 302
    page = browser.get("mfa_challenge")
    assert (page.status_code, page.context["qr_svg"]) == (200, None)


# Guessing and flooding


@pytest.mark.usefixtures("mfa")
def test_enrollment_texts_one_number_a_cooldown(
    browser: Browser, tenant: LocalTenant, clock: Any
) -> None:
    """Threat 20: one mailbox is no ticket to have any count of numbers texted."""
    tenant.add_person(ANN, mfa="enroll")
    browser.sign_in()

    def enroll(number: str) -> int:
        fields = {"factor": "phone", "phone_number": number}
        return int(browser.post("mfa_enroll", **fields).status_code)

    numbers = [f"+49151234567{n:02}" for n in range(4)]
    assert [enroll(number) for number in numbers] == [302] * 4
    assert len(tenant.calls("/mfa/associate")) == 1
    clock.shift(31)
    assert enroll(numbers[1]) == 302
    assert len(tenant.calls("/mfa/associate")) == 2


@pytest.mark.parametrize("fault", ["wrong_email_code", "expired", "exhausted"])
def test_any_device_link_tells_nothing_of_codes_sent(
    fault: str, browser: Browser, tenant: LocalTenant
) -> None:
    """Threat 21: only of a code that was sent can be said that it is too old, or worn out."""
    tenant.fail(TOKEN, fault)
    page = browser.post("link", identifier=ANN, code="000000")
    assert "does not belong" in page.context["form"].errors["code"][0]


def test_expired_code_of_nobody(half_way: Browser, tenant: LocalTenant, clock: Any) -> None:
    """Threat 21: Auth0 may say so only of a code that was sent; our own clock says it of all."""
    tenant.fail(TOKEN, "wrong_email_code")
    half_way.ask(BEN)
    early = half_way.answer("000000").context["form"].errors["code"]
    clock.shift(182)
    late = half_way.answer("000000").context["form"].errors["code"]
    assert "not right" in early[0] and "expired" in late[0]


def test_refusal_of_a_guarded_page_is_not_kept_or_framed(
    signed_in: Browser, new_browser: NewBrowser, settings: Any
) -> None:
    """Threat 16."""
    settings.ROOT_URLCONF = "tests.journeys.vault_urls"
    for browser, status in ((signed_in, 403), (new_browser(), 302)):
        answer = browser.client.get("/vault/")
        assert answer.status_code == status
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Frame-Options"] == "DENY"


# At the same moment


@pytest.mark.usefixtures("mfa")
@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_a_second_factor(browser: Browser, tenant: LocalTenant) -> None:
    """The first signs in, which replaces the session and uses the ``mfa_token`` up."""
    tenant.add_person(ANN, factors=["otp"])
    browser.sign_in()
    tenant.fail(TOKEN, "malformed_mfa_token")
    answer = meanwhile(
        tenant,
        lambda: browser.post("mfa_challenge", code="000000"),
        lambda: browser.client.session.delete(browser.session_key),
    )
    assert outcome(answer)[0] == 302


@pytest.mark.parametrize("number", ["+19002345678", "+4366412345678", "0151 23456789", "nonsense"])
def test_confirming_texts_no_number_that_the_form_refuses(
    number: str, signed_in: Browser, configure: Configure, tenant: LocalTenant
) -> None:
    """Threat 20: a number may also have come with a token, from Auth0's own pages."""
    configure(METHODS=["sms-code"], PHONE_REGIONS=["DE"])
    Identity.objects.update(email="", phone_number=number)
    before = len(tenant.requests)
    answer = signed_in.post("login", reconfirm=Identity.objects.get().pk)
    assert (answer.status_code, len(tenant.requests)) == (404, before)
