"""Every state of every page in a real browser, without the views behind it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.pseudo import CODE, pseudo, write_catalogue
from tests.browser.visits import DARK_PHONE, PHONE, Habits, Visit
from tests.template_samples import SAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.sample_urls")]

# The page that goes on to Auth0 by itself leaves too soon to be looked at.
STAYING = [sample.name for sample in SAMPLES if sample.name != "logged-out-auth0"]

# WCAG 2.2, 1.4.12: what a reader may set, and nothing may be lost.
TEXT_SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }"""
# WCAG 2.2, 1.4.4, on a phone.
LARGE_TEXT = ":root { font-size: 200% }"
SET_STYLE = """(rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = rules ? [sheet] : [];
}"""
# Elements whose content is wider than they are, or taller than they let be seen.
CUT_OFF = """() => [...document.querySelectorAll(".pwdless, .pwdless *")].filter((element) =>
  element.clientWidth > 0
  && !element.matches(".pwdless-hidden, .pwdless-hidden *, input, svg, svg *")
  && (element.scrollWidth > element.clientWidth + 1
      || (getComputedStyle(element).overflowY !== "visible"
          && element.scrollHeight > element.clientHeight + 1))
).map((element) => element.outerHTML)"""

# Shows a page in the place of the one that is there, and runs its script.
PUT_IN = """async (address) => {
  const answer = await fetch(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  history.replaceState(null, "", address);
  document.title = page.title;
  document.body = document.adoptNode(page.body);
  for (const script of document.scripts) {
    const again = document.createElement("script");
    again.src = script.src;
    await new Promise((resolve) => {
      again.addEventListener("load", resolve);
      script.replaceWith(again);
    });
  }
}"""


def one_by_one(visitor: Visit) -> Iterator[str]:
    """Open every page, by its name."""
    for name in STAYING:
        visitor.open(f"/sample/{name}/")
        yield name


def in_place(visitor: Visit) -> Iterator[str]:
    """Show every page in the document of the first one: in half the time, and axe stays there."""
    visitor.open(f"/sample/{STAYING[0]}/")
    for name in STAYING:
        visitor.page.evaluate(PUT_IN, f"/sample/{name}/")
        yield name


def test_pages_are_accessible_and_fit_however_they_are_read(visit):
    visitor = visit(PHONE)
    for name in in_place(visitor):
        visitor.check()
        visitor.page.emulate_media(forced_colors="active")
        visitor.check_fits()
        visitor.page.emulate_media(forced_colors="none")
        for rules in (TEXT_SPACING, LARGE_TEXT):
            visitor.page.evaluate(SET_STYLE, rules)
            visitor.check_fits()
            assert visitor.page.evaluate(CUT_OFF) == [], (name, rules)
        visitor.page.evaluate(SET_STYLE, "")


@pytest.mark.parametrize(
    ("language", "pages"), [("ar", one_by_one), ("de", in_place)], ids=["ar", "de"]
)
def test_pages_fit_in_other_languages(visit, settings, language, pages):
    settings.LANGUAGE_CODE = language
    visitor = visit(Habits(language, DARK_PHONE, language=language))
    for _ in pages(visitor):
        visitor.check_fits()


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="GNU gettext is not installed")
def test_pages_fit_in_words_that_are_two_fifths_longer(visit, settings, tmp_path):
    settings.LOCALE_PATHS = [write_catalogue(tmp_path)]
    settings.LANGUAGE_CODE = CODE
    visitor = visit(Habits("pseudo", PHONE, language=CODE))
    for name in in_place(visitor):
        visitor.check_fits()
        assert visitor.page.evaluate(CUT_OFF) == [], name
    visitor.open("/sample/verify/")
    expect(visitor.page).to_have_title(pseudo("Enter your code"))


def test_large_letters_have_room_on_a_phone(visit):
    visitor = visit(PHONE)
    visitor.open("/sample/mfa-select/")
    visitor.page.evaluate(SET_STYLE, LARGE_TEXT)
    for text in visitor.page.locator(".pwdless-choice-text").all():
        box = text.bounding_box()
        assert box and box["width"] > 320 / 2


def test_page_that_goes_on_to_auth0(visit):
    visitor = visit()
    visitor.page.route("**/v2/logout**", lambda route: route.fulfill(body="tenant"))
    visitor.open("/sample/logged-out-auth0/")
    visitor.page.wait_for_url("**/v2/logout**")
    assert visitor.complaints == []


def test_what_colour_says_is_said_by_lines_in_system_colours(visit):
    visitor = visit(PHONE, forced_colors="active")
    page = visitor.page
    visitor.open("/sample/mfa-enroll-error/")
    chosen = page.locator("label:has(input:checked)").first
    other = page.locator("label:has(input:not(:checked))").first
    assert _border(chosen) > _border(other)
    visitor.open("/sample/verify-used-up/")
    assert _border(page.get_by_role("button", name="Send a new code")) > _border(
        page.get_by_role("button", name="Continue")
    )
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_css("outline-style", "solid")

    visitor.open("/sample/mfa-select/")
    for icon in page.locator(".pwdless-choice .pwdless-icon").all():
        assert _colour(icon) == _colour(icon.locator("..")), "it may stand on its own colour"


def _colour(locator):
    return locator.evaluate("element => getComputedStyle(element).color")


def _border(locator):
    return locator.evaluate("element => parseFloat(getComputedStyle(element).borderTopWidth)")


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_those_who_asked_for_less_motion(visit, motion, moves):
    visitor = visit(PHONE)
    visitor.page.emulate_media(reduced_motion=motion)
    visitor.open("/sample/mfa-push/")
    expect(visitor.page.get_by_role("status")).to_have_text("Waiting for your phone…")
    visitor.page.get_by_role("button", name="Check again").hover()
    assert bool(visitor.page.evaluate("document.getAnimations().length")) is moves


def test_a_breach_of_the_policy_would_be_noticed(visit):
    visitor = visit()
    visitor.open("/sample/login/")
    visitor.page.evaluate("document.body.setAttribute('style', 'color: red')")
    with pytest.raises(AssertionError, match="Content Security Policy"):
        visitor.check_fits()


def test_text_that_is_cut_off_would_be_noticed(visit):
    visitor = visit(PHONE)
    visitor.open("/sample/login/")
    visitor.page.evaluate(SET_STYLE, ".pwdless-heading { overflow: hidden; block-size: 1px }")
    assert len(visitor.page.evaluate(CUT_OFF)) == 1
