"""Push notifications: the waiting page, its script and its button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN, BEN, TOKEN, outcome
from tests.journeys.conftest import Configure
from tests.outages import OUTAGES

from .browser import CHALLENGE, LIST, Begin, MFABrowser, page, paths

pytestmark = pytest.mark.django_db


def test_push_signs_in_once_it_is_approved(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification")
    waiting = browser.get("mfa_challenge")
    assert waiting.context["poll_url"] == page("mfa_poll")
    assert browser.poll() == {"status": "pending", "interval": 5, "redirect": None}
    tenant.approve_push()
    clock.shift(6)
    assert browser.poll() == {"status": "approved", "interval": 5, "redirect": "/in/"}
    assert browser.user_id is not None


def test_code_is_no_answer_to_a_push(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin("push-notification")
    before = paths(tenant)
    response = browser.prove("123456")
    assert (response.status_code, response.context["poll_url"]) == (200, page("mfa_poll"))
    assert paths(tenant) == before and browser.user_id is None


def test_code_is_no_answer_where_nothing_was_chosen(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin("otp", "email")
    before = paths(tenant)
    assert outcome(browser.prove("123456")) == (302, page("mfa"))
    assert paths(tenant) == before and browser.user_id is None


def test_push_is_asked_about_once_an_interval(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification")
    clock.shift(6)
    statuses = {browser.poll()["status"] for _ in range(10)}
    assert statuses == {"pending"}
    assert paths(tenant).count(TOKEN) == 2


@pytest.mark.parametrize("row", ["push_denied", "push_denied_as_invalid_grant"])
def test_denied_push_leads_to_another_way(
    row: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification", "otp")
    browser.choose("push")
    tenant.switches.push_denial = row
    tenant.deny_push()
    clock.shift(6)
    answer = browser.poll()
    assert (answer["status"], answer["redirect"]) == ("rejected", page("mfa"))
    browser.choose("totp")
    assert outcome(browser.prove(tenant.totp(browser.person))) == (302, "/in/")


def test_push_slows_down(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification")
    tenant.answer(TOKEN, 400, "slow_down", "slow", times=1)
    clock.shift(6)
    assert browser.poll() == {"status": "pending", "interval": 10, "redirect": None}
    assert browser.get("mfa_challenge").context["interval"] == 10
    tenant.approve_push()
    clock.shift(9)
    assert browser.poll()["status"] == "pending"
    clock.shift(1)
    assert browser.poll()["status"] == "approved"


@pytest.mark.parametrize(("lets_through", "status"), [(False, "pending"), (True, "approved")])
def test_push_while_the_cache_is_down(
    lets_through: bool,
    status: str,
    begin: Begin,
    browser: MFABrowser,
    tenant: LocalTenant,
    configure: Configure,
    settings: Any,
    clock: Any,
) -> None:
    """Nobody can tell whether another request asks right now."""
    begin("push-notification")
    tenant.approve_push()
    clock.shift(6)
    configure(RATE_LIMIT_FAIL_OPEN=lets_through)
    settings.CACHES = {"default": {"BACKEND": OUTAGES[0]}}
    assert browser.poll()["status"] == status


def test_push_by_the_button(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification")
    clock.shift(6)
    assert outcome(browser.post("mfa_poll")) == (302, page("mfa_challenge"))
    tenant.approve_push()
    clock.shift(6)
    assert outcome(browser.post("mfa_poll")) == (302, "/in/")


def test_push_approved_while_the_keys_cannot_be_had(
    begin: Begin,
    browser: MFABrowser,
    tenant: LocalTenant,
    clock: Any,
    lose_keys: Callable[[], None],
) -> None:
    """Its answer could not be read, and comes once: nobody asks for it yet."""
    begin("push-notification")
    tenant.approve_push()
    lose_keys()
    clock.shift(6)
    assert browser.poll()["status"] == "pending"
    clock.shift(6)
    assert browser.poll()["status"] == "approved"


@pytest.mark.parametrize("row", ["invalid_client", "grant_not_allowed"])
def test_push_while_a_setting_is_wrong(
    row: str,
    begin: Begin,
    browser: MFABrowser,
    tenant: LocalTenant,
    clock: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """People wait as in any outage; the site's owner reads what to change."""
    begin("push-notification")
    tenant.approve_push()
    tenant.fail(TOKEN, row, times=2)
    clock.shift(6)
    assert browser.poll() == {"status": "pending", "interval": 5, "redirect": None}
    clock.shift(6)
    assert outcome(browser.post("mfa_poll")) == (302, page("mfa_challenge"))
    errors = [record for record in caplog.records if record.name == "django_pwdless"]
    assert [record.levelname for record in errors] == ["ERROR", "ERROR"]
    clock.shift(6)
    assert browser.poll()["status"] == "approved"


def test_push_while_auth0_allows_no_more_attempts(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    """To go on asking is of no use, another factor may be."""
    begin("push-notification", "otp")
    browser.choose("push")
    tenant.fail(TOKEN, "too_many_attempts", times=1)
    clock.shift(6)
    assert browser.poll() == {"status": "rejected", "interval": 5, "redirect": page("mfa")}
    browser.choose("totp")
    assert outcome(browser.prove(tenant.totp(browser.person))) == (302, "/in/")


def test_push_too_late(begin: Begin, browser: MFABrowser, clock: Any) -> None:
    begin("push-notification")
    clock.shift(601)
    assert browser.poll()["status"] == "expired"


def test_poll_without_a_pending_login(browser: MFABrowser) -> None:
    assert browser.poll()["status"] == "expired"
    assert outcome(browser.post("mfa_poll")) == (302, page("login"))


def test_push_approved_after_it_was_abandoned(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    begin("push-notification")
    browser.ask(BEN)
    tenant.approve_push()
    clock.shift(6)
    assert browser.poll()["status"] == "expired"
    browser.answer()
    assert get_user_model().objects.get(pk=browser.user_id).email == BEN


@pytest.mark.parametrize("path", [LIST, CHALLENGE])
@pytest.mark.parametrize("fault", ["server_error", "rate_limited"])
def test_push_approved_but_what_follows_fails(
    fault: str, path: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    """Threat 13: the push is over, and the second token is the one that counts."""
    begin("push-notification", "email", mfa_steps=2)
    browser.choose("push")
    tenant.approve_push()
    tenant.fail(path, fault, times=1)
    clock.shift(6)
    assert browser.poll() == {"status": "approved", "interval": 5, "redirect": page("mfa")}
    assert outcome(browser.post("mfa")) == (302, page("mfa_challenge"))
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_push_approved_but_the_site_may_send_no_more(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, configure: Configure, clock: Any
) -> None:
    begin("push-notification", "otp", "email", mfa_steps=2)
    browser.choose("push")
    tenant.approve_push()
    browser.person.factors = [it for it in browser.person.factors if it.factor != "otp"]
    configure(RATE_LIMITS={"start": {"site": "0/h"}})
    clock.shift(6)
    assert browser.poll() == {"status": "approved", "interval": 5, "redirect": page("mfa")}
    configure(RATE_LIMITS={})
    browser.choose("email")
    assert outcome(browser.prove(browser.sent_code)) == (302, "/in/")


def test_denied_push_is_one_failed_attempt(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, clock: Any
) -> None:
    failed: list[dict[str, Any]] = []

    def remember(**kwargs: Any) -> None:
        failed.append(kwargs["credentials"])

    user_login_failed.connect(remember)
    begin("push-notification")
    tenant.deny_push()
    clock.shift(6)
    browser.poll()
    assert failed == [{"username": ANN}]


@pytest.mark.parametrize("accept", ["application/json", "application/json, text/plain, */*"])
def test_poll_answers_in_json_whenever_it_is_asked_to(accept: str, browser: MFABrowser) -> None:
    response = browser.client.post(page("mfa_poll"), headers={"accept": accept})
    assert response["Content-Type"] == "application/json"
