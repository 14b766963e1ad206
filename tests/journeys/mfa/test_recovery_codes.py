"""Recovery codes: used, new, and shown to their owner only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import BEN, TOKEN, outcome
from tests.journeys.conftest import NewBrowser

from .browser import HOME, Begin, MFABrowser, page, paths

pytestmark = pytest.mark.django_db


def test_recovery_code_signs_in_and_the_new_one_is_shown(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant
) -> None:
    begin("sms", "recovery-code")
    browser.choose("recovery-code")
    old = browser.person.recovery_code
    typed = f" {old[:4].lower()}-{old[4:8]} {old[8:].lower()}"
    response = browser.prove(typed)
    assert outcome(response) == (302, page("recovery_codes") + "?next=/in/")
    shown = browser.get("recovery_codes", next="/in/")
    assert list(shown.context["recovery_codes"]) == [browser.person.recovery_code] != [old]
    assert browser.get("identities").context["has_unconfirmed_recovery_codes"] is True
    assert outcome(browser.post("recovery_codes", next="/in/")) == (302, "/in/")
    assert browser.get("identities").context["has_unconfirmed_recovery_codes"] is False


def test_recovery_code_is_not_spent_where_its_token_could_not_be_read(
    begin: Begin, browser: MFABrowser, tenant: LocalTenant, lose_keys: Callable[[], None]
) -> None:
    """It works once, and the new one that replaces it would reach nobody."""
    begin("sms", "recovery-code")
    browser.choose("recovery-code")
    code = browser.person.recovery_code
    lose_keys()
    assert browser.prove(code).status_code == 503
    assert paths(tenant).count(TOKEN) == 1
    assert outcome(browser.prove(code))[0] == 302
    shown = browser.get("recovery_codes").context["recovery_codes"]
    assert list(shown) == [browser.person.recovery_code]


def test_recovery_codes_are_their_owners(
    begin: Begin, browser: MFABrowser, new_browser: NewBrowser
) -> None:
    begin("recovery-code")
    browser.choose("recovery-code")
    browser.prove(browser.person.recovery_code)
    codes = browser.get("recovery_codes").context["recovery_codes"]
    other = get_user_model().objects.create(username="eve")
    session = browser.client.session
    sealed = session["_pwdless_recovery_codes"]
    browser.client.force_login(other)
    session = browser.client.session
    session["_pwdless_recovery_codes"] = sealed
    session.save()
    response = browser.get("recovery_codes")
    assert response.status_code == 302 and codes[0].encode() not in response.content


def test_recovery_codes_without_any(browser: MFABrowser, tenant: LocalTenant) -> None:
    assert "login" in browser.get("recovery_codes")["Location"]
    browser.sign_in(BEN)
    assert outcome(browser.get("recovery_codes")) == (302, HOME)


def test_wrong_recovery_code(begin: Begin, browser: MFABrowser) -> None:
    begin("recovery-code")
    browser.choose("recovery-code")
    response = browser.prove("A" * 24)
    assert response.status_code == 200 and "code" in response.context["form"].errors
