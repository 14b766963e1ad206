"""The log alone tells the story of a login: threats 21 and 60."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity

from .browser import ANN, BEN, NUMBER, START, TOKEN, Browser
from .conftest import Configure, Told

pytestmark = pytest.mark.django_db

MASKED = "a•••@example.com"
EXTRA = ["event", "method", "reason", "limit", "user", "identifier", "address"]


def test_first_login(browser: Browser, told: Told) -> None:
    browser.sign_in()
    assert told.story == [
        "message_sent email-code",
        "identity_added email-code",
        "sign_in email-code",
    ]


def test_later_login_and_logout(came_in: Browser, told: Told) -> None:
    came_in.post("logout")
    came_in.sign_in()
    assert told.story == [
        "sign_in_ended email-code logout",
        "message_sent email-code",
        "sign_in email-code",
    ]


def test_fields_of_a_record(browser: Browser, told: Told) -> None:
    browser.client.defaults["REMOTE_ADDR"] = "203.0.113.77"
    browser.sign_in()
    record = told.records[-1]
    assert [getattr(record, f"pwdless_{name}") for name in EXTRA] == [
        *("sign_in", "email-code", "", "", browser.user_id, MASKED, "203.0.113.0/24"),
    ]
    assert record.levelno == logging.INFO
    assert record.getMessage() == (
        f"Somebody signed in: method email-code, user {browser.user_id}, {MASKED}, "
        "from 203.0.113.0/24."
    )


def test_record_names_nobody_before_the_proof(half_way: Browser, told: Told) -> None:
    half_way.answer(half_way.wrong_code)
    (record,) = told.records
    assert (record.pwdless_user, record.pwdless_identifier) == ("", MASKED)
    assert record.levelno == logging.WARNING


@pytest.mark.parametrize(
    ("address", "cut"),
    [
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("nonsense", ""),
    ],
)
def test_address_is_cut(address: str, cut: str, browser: Browser, told: Told) -> None:
    browser.client.defaults["REMOTE_ADDR"] = address
    browser.ask()
    assert told.records[0].pwdless_address == cut


def test_number_is_masked(browser: Browser, configure: Configure, told: Told) -> None:
    configure(METHODS=["sms-code"], PHONE_REGIONS=["DE"])
    browser.sign_in(NUMBER)
    assert told.story[-1] == "sign_in sms-code"
    assert {record.pwdless_identifier for record in told.records} == {"+49 ••• 89"}


@pytest.mark.parametrize("fault", ["expired", "exhausted", "unauthorized"])
def test_wrong_code(fault: str, half_way: Browser, tenant: LocalTenant, told: Told) -> None:
    """Auth0 says more of a code only where it has sent one."""
    tenant.fail(TOKEN, fault)
    half_way.answer()
    reason = "blocked" if fault == "unauthorized" else "code"
    assert told.story == [f"refused email-code {reason}"]


@pytest.mark.parametrize("reason", ["inactive", "unknown", "conflict", "token", "denied"])
def test_refused(
    reason: str, half_way: Browser, tenant: LocalTenant, configure: Configure, told: Told
) -> None:
    arrange_refusal(reason, tenant, configure)
    half_way.answer()
    assert told.story == [f"refused email-code {reason}"]
    assert told.records[0].pwdless_identifier == MASKED


def arrange_refusal(reason: str, tenant: LocalTenant, configure: Configure) -> None:
    match reason:
        case "inactive":
            user = get_user_model().objects.create_user("ann", is_active=False)
            sub = tenant.add_person(ANN).sub
            Identity.objects.create(user=user, issuer=tenant.issuer, subject=sub)
        case "unknown":
            configure(CREATE_USERS=False)
        case "conflict":
            configure(LINK_BY_VERIFIED_EMAIL=True)
            get_user_model().objects.create_superuser("root", ANN)
        case "token":
            tenant.token_fault = "wrong_aud"
        case "denied":
            tenant.fail(TOKEN, "access_denied")


def test_limit(half_way: Browser, configure: Configure, told: Told) -> None:
    configure(RATE_LIMITS={"verify": {"ip": "1/h"}})
    half_way.answer(half_way.wrong_code)
    half_way.answer(half_way.wrong_code)
    assert told.story == ["refused email-code code", "limited"]
    assert told.records[-1].pwdless_limit == "verify.ip 1/h"
    assert told.records[-1].levelno == logging.WARNING


def test_limit_tells_whose(browser: Browser, configure: Configure, told: Told) -> None:
    configure(RATE_LIMITS={"start": {"pair": "1/h"}}, RESEND_COOLDOWN=0)
    browser.ask()
    browser.ask()
    assert told.records[-1].pwdless_limit == "start.pair 1/h"
    assert told.records[-1].pwdless_identifier == MASKED


@pytest.mark.parametrize("path", [START, TOKEN])
def test_limit_of_auth0(path: str, half_way: Browser, tenant: LocalTenant, told: Told) -> None:
    tenant.fail(path, "rate_limited")
    half_way.ask(BEN) if path == START else half_way.answer()
    assert told.story == ["limited email-code auth0"]


@pytest.mark.parametrize("fault", ["signup_disabled", "blocked"])
def test_message_tells_not_whether_somebody_is_known(
    fault: str, browser: Browser, tenant: LocalTenant, told: Told
) -> None:
    browser.ask()
    tenant.fail(START, fault)
    browser.ask(BEN)
    assert told.story == ["message_sent email-code"] * 2


@pytest.mark.parametrize("fault", ["server_error", "invalid_client"])
def test_outage_is_no_outcome(
    fault: str, browser: Browser, tenant: LocalTenant, told: Told
) -> None:
    tenant.fail(START, fault)
    browser.ask()
    assert told.story == []


def test_unknown_state(browser: Browser, configure: Configure, told: Told) -> None:
    configure(METHODS=["email-link"])
    browser.get("callback", state="unknown", code="a-code")
    browser.get("callback")
    assert told.story == ["refused state_unknown", "refused link_unusable"]


def test_confirming(clock: Any, came_in: Browser, told: Told) -> None:
    clock.shift(700)
    identity = Identity.objects.get()
    came_in.post("login", reconfirm=identity.pk)
    came_in.answer()
    assert told.story == ["message_sent email-code", "sign_in email-code reconfirm"]


def test_identity_added_and_removed(came_in: Browser, told: Told) -> None:
    came_in.identifier = BEN
    came_in.post("identity_add", identifier=BEN)
    came_in.answer()
    own = Identity.objects.get(email=BEN)
    came_in.client.post(f"/accounts/identities/{own.pk}/remove/")
    assert told.story == [
        "message_sent email-code",
        "identity_added email-code",
        "identity_removed",
    ]
    assert {it.pwdless_user for it in told.records[1:]} == {came_in.user_id}
    assert {it.pwdless_identifier for it in told.records} == {"b•••@example.com"}


def test_text_of_others_breaks_no_line(browser: Browser, told: Told) -> None:
    """Of an address all after the at sign is said, so that it can be anything."""
    from django_pwdless.events.outcome import SIGN_IN, Outcome
    from django_pwdless.events.telling import tell
    from django_pwdless.identifiers.identifier import Identifier

    odd = Identifier("email", "ann@example.com\r\nERROR\u2028\x1b[31m\ud800")
    tell(Outcome(SIGN_IN, identifier=odd))
    assert told.records[0].pwdless_identifier == "a•••@example.com  ERROR  [31m "
    assert "\n" not in told.records[0].getMessage()
