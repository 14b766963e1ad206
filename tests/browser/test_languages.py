"""A login from right to left, and one in German."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.steps import (
    ANN,
    arrive,
    see_signed_in,
    type_code,
    type_identifier,
    wrong,
)
from tests.browser.visits import DARK_PHONE

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]


def test_sign_in_in_german(visit, site, settings):
    settings.LANGUAGE_CODE = "de"
    visitor = visit(DARK_PHONE)
    visitor.open("/private/")
    arrive(visitor, "/accounts/login/")
    expect(visitor.page).to_have_title("Anmelden")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "de")
    type_identifier(visitor, ANN, "E-Mail-Adresse")
    arrive(visitor, "/accounts/verify/")
    code = site.inbox.latest(ANN)
    assert code.language == "de"
    type_code(visitor, wrong(code.code))
    expect(visitor.page).to_have_title("Fehler: Code eingeben")
    expect(visitor.page.get_by_text("Noch 2 Versuche übrig.")).to_be_visible()
    visitor.check()
    type_code(visitor, code.code)
    see_signed_in(visitor)
