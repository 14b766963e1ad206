"""A login from right to left, and one in German."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DARK_DESK, DARK_PHONE, PHONE
from tests.browser.keyboard import (
    ANN,
    arrive,
    press,
    see_signed_in,
    type_code,
    type_identifier,
    wrong,
)

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.site_urls")]


@pytest.mark.parametrize("view", [PHONE, DARK_DESK], ids=str)
def test_sign_in_from_right_to_left(visit, site, configure, settings, view):
    settings.LANGUAGE_CODE = "ar"
    configure(CUSTOMIZE_MFA=True)
    site.add_person(ANN, phone_number="+12025550123", factors=["otp", "sms"])
    visitor = visit(view)
    visitor.open("/private/")
    arrive(visitor, "/accounts/login/")
    expect(visitor.page.locator("html")).to_have_attribute("dir", "rtl")
    type_identifier(visitor)
    arrive(visitor, "/accounts/verify/")
    code = site.inbox.latest(ANN).code
    type_code(visitor, wrong(code))
    expect(visitor.page.locator("#id_code_error")).to_be_visible()
    visitor.check()
    type_code(visitor, code)
    arrive(visitor, "/accounts/mfa/")
    press(visitor, "button", "Text message XXXXXXXX0123")
    arrive(visitor, "/accounts/mfa/challenge/")
    type_code(visitor, site.inbox.latest().code)
    see_signed_in(visitor)
    visitor.check()


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
    expect(visitor.page.get_by_text("Noch 2 Versuche.")).to_be_visible()
    visitor.check()
    type_code(visitor, code.code)
    see_signed_in(visitor)
