"""What the filters of ``{% load pwdless %}`` do to names, dates and headings."""

from __future__ import annotations

import datetime
import re

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import SafeString

from tests.languages import ALL
from tests.template_samples import LONG_ADDRESS, verify

from .html import page_of

EVENING = datetime.datetime(2026, 11, 2, 18, 5, tzinfo=datetime.timezone.utc)
EAST = {"hu", "ja", "ko", "zh-hans"}
TWELVE_HOURS = {"en", "ar", "el", "ko"}
# Of the second of November, with its month as a word or as a number.
MONTH_FIRST = r"Nov\. 2, 2026"
YEAR_FIRST = r"2026\D+(11\D+)?2\D?"
DAY_FIRST = r"(Ngày )?0?2[. /]\D*(11)?\D*2026( р\.)?"
SCRIPT = "<script>alert(1)</script>.long@example.com"


def filtered(name: str, value: object) -> str:
    source = "{% load pwdless %}{{ value|" + name + " }}"
    return str(Template(source).render(Context({"value": value})))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Nov.~2,~2026, 6:05~p.m."),
        ("de", "2.~November~2026 18:05"),
        ("ar", "2~نوفمبر،~2026، 6:05~م"),
        ("bg", "02~Ноември~2026 18:05"),
        ("ja", "2026年11月2日 18:05"),
    ],
)
def test_day_and_time_are_as_the_language_has_each_of_them(settings, language, words):
    settings.TIME_ZONE = "UTC"
    with translation.override(language):
        shown, date = filtered("moment", EVENING), filtered("day", EVENING)
    assert shown.replace("\N{NO-BREAK SPACE}", "~") == words
    assert shown.startswith(date)


@pytest.mark.parametrize("language", ALL)
def test_no_language_has_parts_of_a_date_in_the_order_of_another(settings, language):
    settings.TIME_ZONE = "UTC"
    with translation.override(language):
        words = filtered("moment", EVENING).replace("\N{NO-BREAK SPACE}", " ")
    order = MONTH_FIRST if language == "en" else YEAR_FIRST if language in EAST else DAY_FIRST
    clock = r"(\w+ )?6:05( \S+)?" if language in TWELVE_HOURS else r"18[:.]05"
    assert re.fullmatch(f"{order}[,،]? {clock}", words), words


@pytest.mark.parametrize("name", ["day", "moment", "masked", "foldable"])
@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_nothing(name, value):
    assert filtered(name, value) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("O'Brien & sons", "O&#x27;Brien &amp; sons"),
        (SafeString("O&#x27;Brien"), "O&#x27;Brien"),
        (SafeString("<b>Ann-Marie</b> & sons"), "<b>Ann-Marie</b> & sons"),
        (SafeString("sign-in"), '<span class="pwdless-whole">sign-in</span>'),
    ],
)
def test_heading_is_escaped_once(text, shown):
    assert filtered("whole_words", text) == shown


def test_time_is_that_of_the_readers_zone(settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    assert filtered("moment", EVENING).startswith("Nov.\N{NO-BREAK SPACE}3,")


@pytest.mark.parametrize(
    ("hint", "shown"),
    [
        ("XXXXXXXX0123", '<bdi dir="ltr">•••\N{NO-BREAK SPACE}0123</bdi>'),
        ("•••\N{NO-BREAK SPACE}23", '<bdi dir="ltr">•••\N{NO-BREAK SPACE}23</bdi>'),
        ("XXXX0123<b>", "XXXX0123&lt;b&gt;"),
        ("****@exam*******", "•••@exam•••"),
        ("Ann's XXL phone", "Ann&#x27;s XXL phone"),
        ("XXXX", "XXXX"),
        ("", ""),
    ],
)
def test_what_auth0_hides_is_hidden_by_dots(hint, shown):
    assert filtered("masked", hint) == shown


@pytest.mark.parametrize(
    ("address", "html"),
    [
        ("ann@example.com", "ann@example.com"),
        ("somebody@example.co", "somebody@example.co"),
        ("ann.of.gables@example.com", "ann<wbr>.of<wbr>.gables<wbr>@example<wbr>.com"),
        ("+12025550123", "+12025550123"),
        (SCRIPT, "&lt;script&gt;alert(1)&lt;/script&gt;<wbr>.long<wbr>@example<wbr>.com"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_long_address_may_fold_and_is_escaped_once(address, html):
    assert filtered("foldable", address) == html


def test_folded_address_reads_as_it_is():
    page = page_of("verify.html", verify(identifier=LONG_ADDRESS))
    assert page.all("wbr") and page.all("bdi")[0].text == LONG_ADDRESS


@pytest.mark.parametrize(
    ("heading", "html"),
    [
        ("Sign-in methods", '<span class="pwdless-whole">Sign-in</span> methods'),
        ("Authenticator-App", '<span class="pwdless-whole">Authenticator-App</span>'),
        ("Stay - or go", "Stay - or go"),
        ("<i> a-b&", '&lt;i&gt; <span class="pwdless-whole">a-b&amp;</span>'),
    ],
)
def test_words_with_a_hyphen_are_kept_whole(heading, html):
    assert filtered("whole_words", heading) == html
