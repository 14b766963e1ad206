"""Pages within layouts whose style sheets have something to say of every bare element.

The sheets in ``styles`` do to elements what Bootstrap, Tailwind's Preflight and Pico do. Each card
looks as it does in our own layout.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings

from tests.browser.pictures import IS_TAKING
from tests.browser.visits import DESK, View, Visit
from tests.template_samples import SAMPLES
from tests.templates.html import engine_with

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.sample_urls")]

STYLES = Path(__file__).parent / "styles"
SHEETS = sorted(path.stem for path in STYLES.glob("*.css"))
LAYOUT = """<!doctype html>
{%% load static %%}<html lang="en"><head><meta charset="utf-8"><meta name="viewport"
content="width=device-width"><title>{%% block title %%}{%% endblock %%}</title>
<link rel="stylesheet" href="{%% static "%s.css" %%}">
{%% block extra_head %%}{%% endblock %%}</head>
<body><main>{%% block content %%}{%% endblock %%}</main>
{%% block extra_body %%}{%% endblock %%}</body></html>"""
# What shows of each element, but for radio buttons and the insides of icons, which browsers draw.
LOOK = """(card) => [card, ...card.querySelectorAll("*")]
  .filter((element) => element.checkVisibility()
    && !element.matches("input:is([type=radio], [type=checkbox]), svg *"))
  .map((element) => {
    const style = getComputedStyle(element);
    const names = ["color", "backgroundColor", "backgroundImage", "display", "fontSize",
      "fontWeight", "lineHeight", "letterSpacing", "textAlign", "listStyleType", "float", "gap",
      "paddingTop", "paddingLeft", "marginTop", "marginBottom", "borderTopWidth",
      "borderTopLeftRadius", ...(style.borderTopWidth === "0px" ? [] : ["borderTopColor"])];
    const look = Object.fromEntries(names.map((name) => [name, style[name]]));
    return [`${element.localName} ${element.getAttribute("class")}`, look];
  })"""
# One of each kind of element.
COMPARED = [
    *("login-methods", "login-reconfirm", "verify-error", "link-sent", "problem-link"),
    *("mfa-select", "mfa-enroll-error", "mfa-otp-enroll", "mfa-push", "mfa-recovery-codes"),
    *("identities", "identities-removing", "sign-ins", "login-terms", "factors"),
    "mfa-lost-phone",
]
OWN: dict[str, list] = {}  # how each looks in our own layout


@pytest.fixture(params=SHEETS)
def sheet(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def layout(sheet: str) -> override_settings:
    options = {"TEMPLATES": engine_with("base.html", LAYOUT % sheet), "STATICFILES_DIRS": [STYLES]}
    return override_settings(**options)


def test_cards_look_the_same_in_a_layout_of_its_own_mind(visit, layout, sheet):
    visitor = visit(DESK)
    page = visitor.page
    for name in COMPARED:
        if name not in OWN:
            page.goto(f"{visitor.origin}/sample/{name}/")
            OWN[name] = looks(page)
        with layout:
            page.goto(f"{visitor.origin}/sample/{name}/")
            assert looks(page) == OWN[name], name


def looks(page):
    """What shows of the card, and of the account's navigation above it where there is one."""
    return [part.evaluate(LOOK) for part in page.locator(".pwdless-account-nav, .pwdless").all()]


@pytest.mark.skipif(not IS_TAKING, reason="only where pictures are taken")
def test_take_them(visit, layout, sheet):
    """``make pictures`` keeps what each looks like beside its sheet."""
    with layout:
        visitor = visit(View(700))
        take_foreign_picture(visitor, sheet)


def take_foreign_picture(visitor: Visit, sheet: str) -> None:
    visitor.open("/sample/login-methods/")
    visitor.page.screenshot(path=STYLES / f"{sheet}.png")


def test_samples_that_are_compared_exist():
    assert set(COMPARED) <= {sample.name for sample in SAMPLES}
