"""Every state of every page in a real browser, without the views behind it."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DARK_DESK, DARK_PHONE, DESK, PHONE
from tests.template_samples import SAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.sample_urls")]

# The page that goes on to Auth0 by itself leaves too soon to be looked at.
STAYING = [sample.name for sample in SAMPLES if sample.name != "logged-out-auth0"]


@pytest.mark.parametrize("view", [PHONE, DARK_PHONE, DESK, DARK_DESK], ids=str)
def test_pages_are_accessible_and_fit(visit, view):
    visitor = visit(view)
    for name in STAYING:
        visitor.open(f"/sample/{name}/")
        visitor.check()


def test_pages_fit_from_right_to_left(visit, settings):
    settings.LANGUAGE_CODE = "ar"
    visitor = visit(DARK_PHONE)
    for name in STAYING:
        visitor.open(f"/sample/{name}/")
        assert visitor.page.locator("html").get_attribute("dir") == "rtl"
        visitor.check_fits()


def test_pages_fit_in_longer_words(visit, settings):
    settings.LANGUAGE_CODE = "de"
    visitor = visit(PHONE)
    for name in STAYING:
        visitor.open(f"/sample/{name}/")
        visitor.check_fits()


def test_pages_fit_in_system_colours(visit):
    visitor = visit(PHONE, forced_colors="active")
    for name in STAYING:
        visitor.open(f"/sample/{name}/")
        visitor.check_fits()


def test_page_that_goes_on_to_auth0(visit):
    visitor = visit()
    visitor.page.route("**/v2/logout**", lambda route: route.fulfill(body="tenant"))
    visitor.open("/sample/logged-out-auth0/")
    visitor.page.wait_for_url("**/v2/logout**")
    assert visitor.complaints == []


def test_a_breach_of_the_policy_would_be_noticed(visit):
    visitor = visit()
    visitor.open("/sample/login/")
    visitor.page.evaluate("document.body.setAttribute('style', 'color: red')")
    with pytest.raises(AssertionError, match="Content Security Policy"):
        visitor.check_fits()
