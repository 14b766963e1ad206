"""What is left of a second factor: the record, signals, and nothing in the clear."""

from __future__ import annotations

import json
from typing import Any

import pytest

from django_pwdless import signals
from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from tests.journeys.browser import ANN, BEN, outcome
from tests.journeys.conftest import Configure

from .browser import ASSOCIATE, Begin, MFABrowser, page

pytestmark = pytest.mark.django_db


def test_second_factor_is_recorded(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, settings: Any
) -> None:
    settings.ROOT_URLCONF = "tests.journeys.vault_urls"
    begin("otp")
    browser.prove(tenant.totp(browser.person))
    assert browser.client.get("/vault/").status_code == 200
    browser.ask(BEN)
    browser.answer()
    assert browser.client.get("/vault/").status_code == 403


def test_signals_tell_of_the_beginning_and_of_the_last_factor(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    heard: list[tuple[str, Any]] = []

    def started(**kwargs: Any) -> None:
        heard.append(("started", None))

    def verified(**kwargs: Any) -> None:
        heard.append(("verified", kwargs["factor"]))

    signals.mfa_started.connect(started)
    signals.mfa_verified.connect(verified)
    begin("otp", "email", mfa_steps=2)
    browser.choose("totp")
    browser.prove(tenant.totp(browser.person))
    browser.prove(browser.sent_code)
    assert heard == [("started", None), ("verified", "email")]


def test_nothing_secret_is_kept_in_the_clear(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    """Threat 15: neither in the session store nor in the browser."""
    begin(mfa="enroll")
    browser.post("mfa_enroll", factor="otp")
    shown = browser.get("mfa_challenge")
    secret = shown.context["secret"]
    stored = json.dumps(dict(browser.client.session.items()))
    mfa_token = tenant.calls(ASSOCIATE)[0].headers["Authorization"].removeprefix("Bearer ")
    assert secret not in stored and mfa_token not in stored
    assert mfa_token not in shown.content.decode()
    assert secret not in browser.get("mfa").content.decode()


def test_add_an_identity_with_a_second_factor(browser: MFABrowser, tenant: LocalTenant) -> None:
    browser.sign_in(BEN)
    user_id = browser.user_id
    browser.person = tenant.add_person(ANN, factors=["otp"])
    browser.identifier = ANN
    browser.post("identity_add", identifier=ANN)
    assert outcome(browser.answer()) == (302, page("mfa_challenge"))
    response = browser.prove(tenant.totp(browser.person))
    assert outcome(response) == (302, page("identities"))
    assert browser.user_id == user_id
    assert len(browser.get("identities").context["identities"]) == 2


@pytest.mark.parametrize("again", ["confirming", "password"])
def test_second_factor_is_not_kept_by_a_login_without_it(
    again: str, begin: Begin, browser: MFABrowser, tenant: LocalTenant, settings: Any
) -> None:
    """Threat 9: the same person, in the same session, but with one factor."""
    settings.ROOT_URLCONF = "tests.journeys.vault_urls"
    begin("otp")
    browser.prove(tenant.totp(browser.person))
    assert browser.client.get("/vault/").status_code == 200
    identity = Identity.objects.get()
    if again == "password":
        browser.client.force_login(identity.user)
    else:
        tenant.add_person(ANN)
        browser.post("login", reconfirm=identity.pk)
        assert browser.answer().status_code == 302 and browser.user_id
    assert browser.user_id == str(identity.user_id)
    assert browser.client.get("/vault/").status_code == 403


def test_second_factor_proven_by_confirming(
    browser: MFABrowser, tenant: LocalTenant, configure: Configure, settings: Any
) -> None:
    """Without Universal Login a fresh code leads to the second factor, in the same session."""
    settings.ROOT_URLCONF = "tests.journeys.vault_urls"
    configure(METHODS=["email-code"])
    browser.sign_in()
    user_id = browser.user_id
    refusal = browser.client.get("/vault/")
    (own,) = browser.client.get(refusal.context["retry_url"]).context["reconfirm"]
    browser.person = tenant.add_person(ANN, factors=["otp"])
    browser.post("login", reconfirm=own.pk, next="/vault/")
    assert outcome(browser.answer()) == (302, page("mfa_challenge"))
    assert outcome(browser.prove(tenant.totp(browser.person))) == (302, "/vault/")
    assert (browser.user_id, browser.client.get("/vault/").status_code) == (user_id, 200)
