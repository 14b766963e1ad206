"""Pages within a site's own layout."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.template import engines
from django.test import override_settings

from tests.template_samples import (
    SAMPLES,
    login,
)

from .html import (
    engine_with,
    every_sample,
    page_of,
)

pytestmark = pytest.mark.urls("tests.browser.sample_urls")
FOREIGN_BASE = """<html><head><title>{% block title %}{% endblock %} | Site</title>
<link rel="stylesheet" href="/site.css">
{% block extra_head %}<meta name="site">{% endblock %}</head>
<body><nav>Site</nav><div id="content">{% block content %}{% endblock %}</div>
{% block extra_body %}<script src="/site.js"></script>{% endblock %}</body></html>"""


@pytest.fixture
def foreign_base() -> Iterator[None]:
    with override_settings(TEMPLATES=engine_with("base.html", FOREIGN_BASE)):
        yield


# What is around a page is its template's, whatever the page says.
ONE_OF_EACH = list({sample.template: sample for sample in SAMPLES}.values())


@pytest.mark.rows(8)
@every_sample
@pytest.mark.usefixtures("foreign_base")
def test_page_within_a_foreign_base(sample):
    page = page_of(sample.template, sample.context())
    assert page.one("title").text.endswith(" | Site")
    assert page.one("title").text.removesuffix(" | Site")
    assert page.one("h1").text
    assert page.one(id="content").all("section")
    head, body = page.one("head"), page.one("body")
    sheets = [link.attrs["href"] for link in head.all("link")]
    assert sheets == ["/site.css", "/static/django_pwdless/pwdless.css"]
    assert [script.attrs["src"] for script in body.all("script")] == [
        "/site.js",
        "/static/django_pwdless/pwdless.js",
    ]
    assert head.all("meta", name="site")


def test_own_base_links_the_styles_once():
    sheets = page_of("login.html", login()).all("link", rel="stylesheet")
    assert [sheet.attrs["href"] for sheet in sheets] == ["/static/django_pwdless/pwdless.css"]


@pytest.mark.parametrize("block", ["title", "extra_head", "content", "extra_body"])
def test_blocks_of_base_can_be_overridden(block):
    source = "{% extends 'django_pwdless/base.html' %}{% block BLOCK %}<!--mine-->{% endblock %}"
    template = engines["django"].from_string(source.replace("BLOCK", block))
    assert template.render().count("<!--mine-->") == 1


def test_page_can_be_extended_under_its_own_name():
    source = (
        "{% extends 'django_pwdless/login.html' %}"
        "{% block content %}<p id='hello'>Hello</p>{{ block.super }}{% endblock %}"
    )
    with override_settings(TEMPLATES=engine_with("login.html", source)):
        page = page_of("login.html", login())
    assert page.one(id="hello").text == "Hello"
    assert len(page.all("input", name="identifier")) == 1


@pytest.mark.parametrize(
    "samples",
    [ONE_OF_EACH, pytest.param(SAMPLES, marks=pytest.mark.thorough)],
    ids=["one of each template", "all"],
)
def test_head_and_foot_of_each_card_are_the_sites(samples, settings):
    settings.PWDLESS = {**settings.PWDLESS, "SITE_NAME": "Harbour Books", "SUPPORT_URL": "/help/"}
    for sample in samples:
        card = page_of(sample.template, sample.context()).one("section")
        assert card.text.startswith("Harbour Books "), sample.name
        assert card.text.endswith(" Get help"), sample.name
        assert card.one("a", href="/help/").text == "Get help"


@pytest.mark.parametrize(("name", "mine"), [("_brand.html", 0), ("_footer.html", -1)])
def test_head_and_foot_can_be_replaced(name, mine):
    with override_settings(TEMPLATES=engine_with(name, "<p id='mine'>Mine</p>")):
        card = page_of("login.html", login()).one("section")
    assert card.text.split()[mine] == "Mine"
