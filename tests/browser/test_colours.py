"""A site's own values of the style sheet's custom properties, as the documentation sets them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visits import DARK_DESK, DESK

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.sample_urls")]

ROOT = Path(__file__).parent.parent.parent
SHEET = (ROOT / "django_pwdless/static/django_pwdless/pwdless.css").read_text(encoding="utf-8")
CUSTOMIZING = ROOT / "docs" / "howto" / "pages.md"

# Where a property shows: a page, an element there, and what of its style takes the value.
SHOWN = {
    "accent": ("login", ".pwdless-button", "background-color"),
    "accent-hover": ("login", ".pwdless-button:hover", "background-color"),
    "on-accent": ("login", ".pwdless-button", "color"),
    "page": ("login", ".pwdless-root", "background-color"),
    "card": ("login", ".pwdless", "background-color"),
    "text": ("login", ".pwdless-heading", "color"),
    "muted": ("login", ".pwdless-lead", "color"),
    "line": ("login", ".pwdless", "border-top-color"),
    "shadow": ("login", ".pwdless", "box-shadow"),
    "tint": ("login", ".pwdless-badge", "background-color"),
    "radius": ("login", ".pwdless-button", "border-top-left-radius"),
    "font": ("login", ".pwdless", "font-family"),
    "mono": ("verify", "#id_code", "font-family"),
    "control": ("verify", ".pwdless-more .pwdless-button", "border-top-color"),
    "danger": ("problem", ".pwdless-badge", "color"),
    "danger-tint": ("problem", ".pwdless-badge", "background-color"),
    "done": ("logged-out", ".pwdless-badge", "color"),
    "done-tint": ("logged-out", ".pwdless-badge", "background-color"),
}
NO_COLOURS = {"radius": "7px", "font": "Georgia", "mono": "Courier"}
VALUES = {name: NO_COLOURS.get(name, f"rgb(1, 2, {n})") for n, name in enumerate(SHOWN)}


def declared() -> str:
    return "".join(f"--pwdless-{name}: {value};" for name, value in VALUES.items())


def sample_of(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    samples: list[str] = re.findall(r"```css\n(.+?)```", text, re.DOTALL)
    (sample,) = samples
    return sample


@pytest.fixture
def restyled(visit):
    """Open a browser in which a site's own rules stand before or after those of our sheet."""

    def restyle(rules: str, *, is_first: bool = False, view=DESK):
        visitor = visit(view)
        body = rules + SHEET if is_first else SHEET + rules
        visitor.page.route(
            "**/pwdless.css", lambda route: route.fulfill(body=body, content_type="text/css")
        )
        return visitor

    return restyle


def test_each_property_of_the_sheet_is_documented_and_looked_at():
    table = re.findall(r"^\| `--pwdless-.+$", CUSTOMIZING.read_text(encoding="utf-8"), re.MULTILINE)
    documented = re.findall(r"--pwdless-([a-z-]+)", "".join(table))
    assert sorted(documented) == sorted(SHOWN)
    assert set(re.findall(r"--pwdless-([a-z-]+):", SHEET)) == set(SHOWN)


@pytest.mark.parametrize(
    ("selector", "is_first", "view"),
    [(":root", True, DARK_DESK), ("body", False, DESK), (".pwdless", True, DARK_DESK)],
)
def test_own_values_win_wherever_they_stand(restyled, selector, is_first, view):
    visitor = restyled(f"{selector} {{ {declared()} }}", is_first=is_first, view=view)
    for page in dict.fromkeys(page for page, _, _ in SHOWN.values()):
        visitor.open(f"/sample/{page}/")
        for name, (where, element, style) in SHOWN.items():
            # The page behind the card is not the card's to colour.
            if where == page and not (name == "page" and selector != ":root"):
                found = visitor.page.locator(element.removesuffix(":hover")).first
                if element.endswith(":hover"):
                    found.hover()
                expect(found).to_have_css(style, re.compile(re.escape(VALUES[name])))


def test_colours_of_the_documentation_can_be_read(restyled):
    visitor = restyled(sample_of(CUSTOMIZING), is_first=True)
    visitor.open("/sample/login/")
    button = visitor.page.locator(".pwdless-button").first
    for scheme, colour in (("light", "rgb(122, 46, 142)"), ("dark", "rgb(217, 165, 232)")):
        visitor.page.emulate_media(color_scheme=scheme)
        expect(button).to_have_css("background-color", colour)
        visitor.check_accessible("color-contrast")
