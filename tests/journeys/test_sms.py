"""Signing in by a texted code."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity

from .browser import ANN, NUMBER, Browser, outcome, sent
from .conftest import Configure, NewBrowser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts(configure: Configure) -> None:
    configure(METHODS=["email-code", "sms-code"])


def test_texted_code_signs_in(browser: Browser, tenant: LocalTenant) -> None:
    assert outcome(browser.ask(NUMBER)) == (302, reverse("pwdless:verify"))
    assert outcome(browser.answer()) == (302, reverse("home"))
    identity = Identity.objects.get()
    assert (identity.connection, identity.phone_number) == ("sms", NUMBER)
    assert get_user_model().objects.get().email == ""


def test_code_is_asked_for_with_the_right_words(browser: Browser, tenant: LocalTenant) -> None:
    browser.sign_in(NUMBER)
    start, token = tenant.requests[0], tenant.calls("/oauth/token")[0]
    assert (start.body["connection"], start.body["phone_number"]) == ("sms", NUMBER)
    assert start.body["send"] == "code" and "email" not in start.body
    assert (token.body["realm"], token.body["username"]) == ("sms", NUMBER)
    assert token.body["scope"].split() == ["openid", "profile", "email", "phone"]


def test_number_is_shown_where_its_code_is_typed(browser: Browser) -> None:
    browser.ask(NUMBER)
    page = browser.get("verify")
    assert page.context["connection"] == "sms"
    assert f"<bdi>{NUMBER}</bdi>" in page.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        "+49 151 23456789",
        "+49-151-2345-6789",
        "+49 (151) 2345.6789",
        "＋４９１５１２３４５６７８９",
        "+٤٩١٥١٢٣٤٥٦٧٨٩",
        "0151 23456789",
        "0049 151 23456789",
    ],
)
def test_number_as_people_write_it(
    typed: str, browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(PHONE_REGION="DE")
    browser.ask(typed)
    assert [call.body["phone_number"] for call in tenant.calls("/passwordless/start")] == [NUMBER]


@pytest.mark.parametrize(
    "typed",
    [
        *("0151 23456789", "+49", "+", "+0151234567", "+49151234567890123456", "+49 abc"),
        *("1-800-FLOWERS", "tel:+4915123456789", "+4915123456789;ext=1", "+49\x00151", "++49151"),
        # Premium and shared-cost ranges, personal numbers, pagers, networks of no country.
        *("+49 900 1123456", "+1 900 234 5678", "+44 871 123 4567", "+49 180 12345"),
        *("+44 70 1234 5678", "+44 7640 123456", "+49 700 12345678", "+1 500 234 5678"),
        *("+883 5100 1234567", "+882 16 1234567", "+870 773 111 632", "+979 123456789"),
        # Possible only within one town.
        *("+1 234 5678", "+49 110"),
    ],
)
def test_number_that_cannot_be_texted(typed: str, browser: Browser, tenant: LocalTenant) -> None:
    """Threat 20: nothing is sent to ranges that earn by the call, nor to what is no number."""
    response = browser.ask(typed)
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"identifier"}
    assert sent(tenant) == 0


def test_number_of_a_region_that_is_not_served(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(PHONE_REGIONS=["AT", "CH"])
    assert browser.ask(NUMBER).status_code == 200
    assert browser.ask("+43 664 1234567").status_code == 302
    assert sent(tenant) == 1


def test_number_where_only_addresses_are_offered(
    browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    configure(METHODS=["email-code"])
    assert browser.ask(NUMBER).status_code == 200
    assert sent(tenant) == 0


@pytest.mark.parametrize(("typed", "connection"), [(ANN, "email"), (NUMBER, "sms")])
def test_method_follows_from_what_was_typed(
    typed: str, connection: str, browser: Browser, tenant: LocalTenant
) -> None:
    browser.ask(typed)
    assert tenant.requests[0].body["connection"] == connection


def test_budget_of_the_site(
    new_browser: NewBrowser,
    tenant: LocalTenant,
    configure: Configure,
    caplog: pytest.LogCaptureFixture,
    clock: Any,
) -> None:
    """Threat 20: however many numbers and addresses, the site's budget bounds the bill."""
    configure(RATE_LIMITS={"start": {"site": "3/h"}})
    with caplog.at_level(logging.ERROR, logger="django_pwdless"):
        statuses = [
            new_browser(REMOTE_ADDR=f"192.0.2.{n}").ask(f"+491512345678{n}").status_code
            for n in range(1, 6)
        ]
    assert statuses == [302, 302, 302, 429, 429]
    assert sent(tenant) == 3
    assert ["budget" in record.getMessage() for record in caplog.records] == [True]
