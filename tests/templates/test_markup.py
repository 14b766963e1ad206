"""What holds for every page: names, headings, errors, nothing inline."""

from __future__ import annotations

import itertools
import re

import pytest
from django import forms
from django.test import override_settings
from django.utils import translation

from tests.template_samples import (
    SAMPLES,
    login,
)

from .html import (
    TEMPLATES,
    engine,
    errors_of,
    every_sample,
    html_of,
    page_of,
    sample_called,
    shown,
)

pytestmark = pytest.mark.urls("tests.browser.sample_urls")


def test_every_template_of_the_interface_has_a_sample():
    pages = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("[!_]*.html")}
    pages = {page for page in pages if not page.startswith("mail/")}
    assert pages - {"base.html"} == {sample.template for sample in SAMPLES}


@every_sample
def test_nothing_inline(sample):
    page = shown(sample)
    assert not page.all("style")
    assert all(script.attrs.get("src") and not script.text for script in page.all("script"))
    for element in page.walk():
        for name, value in element.attrs.items():
            assert name != "style" and not name.startswith("on"), f"<{element.tag} {name}>"
            assert not re.match(r"\s*(javascript|data):", value), f"<{element.tag} {name}={value}>"


@every_sample
def test_no_undefined_variable_is_shown(sample):
    with override_settings(TEMPLATES=engine(string_if_invalid="UNDEFINED %s")):
        assert "UNDEFINED" not in html_of(sample.template, sample.context())


@every_sample
def test_every_control_has_a_name(sample):
    page = shown(sample)
    for control in page.all("input", "select", "textarea"):
        if control.attrs.get("type") == "hidden":
            continue
        labels = page.all("label", **{"for": control.attrs["id"]})
        assert any(label.text for label in labels), control.attrs
    for control in page.all("button", "a", "summary", "legend"):
        assert control.text, control.attrs


@every_sample
def test_post_forms_carry_the_csrf_token_and_stay_here(sample):
    for form in shown(sample).all("form"):
        assert form.attrs["method"] == "post"
        assert form.attrs["action"].startswith("/accounts/")
        assert form.one("input", name="csrfmiddlewaretoken").attrs["value"]
        assert len(form.all("button", type="submit")) == 1


@every_sample
def test_one_primary_button_at_most(sample):
    primary = [e for e in shown(sample).walk() if "pwdless-button--primary" in e.classes]
    nothing_to_do = {"link-sent", "link-sent-bare", "problem-bare", "sign-ins-one"}
    # To try at once again does not help.
    nothing_to_do |= {"problem-limited", "problem-soon"}
    assert len(primary) == (0 if sample.name in nothing_to_do else 1)


@every_sample
def test_ids_are_unique_and_references_lead_somewhere(sample):
    page = shown(sample)
    ids = [element.attrs["id"] for element in page.has("id")]
    assert len(ids) == len(set(ids))
    references = [
        "aria-describedby",
        "aria-labelledby",
        "data-pwdless-copy",
        "data-pwdless-download",
    ]
    for name in references:
        for element in page.has(name):
            assert set(element.attrs[name].split()) <= set(ids), element.attrs
    for label in page.all("label"):
        assert label.attrs.get("for", label.attrs.get("id")) in ids


@every_sample
def test_headings_and_landmarks(sample):
    page = shown(sample)
    heading = page.one("h1")
    assert heading.text
    assert "main" in [ancestor.tag for ancestor in heading.ancestors()]
    region = page.one("section")
    assert region.attrs["aria-labelledby"] == heading.attrs["id"]
    levels = [int(e.tag[1]) for e in page.all("h1", "h2", "h3", "h4")]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@every_sample
def test_title_begins_with_error_where_there_is_one(sample):
    title = shown(sample).one("title").text
    assert title.startswith("Error: ") is errors_of(sample)
    assert title.removeprefix("Error: ")


@every_sample
def test_errors_are_tied_to_their_fields(sample):
    page = shown(sample)
    invalid = page.has("aria-invalid")
    for control in invalid:
        # Of radio buttons the group is described, not each of them.
        (described,) = [e for e in (control, *control.ancestors()) if "aria-describedby" in e.attrs]
        described_by = described.attrs["aria-describedby"].split()
        (error,) = (page.one(id=i) for i in described_by if i.endswith("_error"))
        assert error.text.startswith("Error: ")
    boxes = [e for e in page.walk() if "pwdless-notice--error" in e.classes]
    assert bool(invalid or boxes) is errors_of(sample)


@pytest.mark.parametrize("name", ["login-error", "login-form-error", "identity-add-error"])
def test_first_error_takes_the_focus(name):
    first = shown(sample_called(name)).has("autofocus")[0]
    assert first.attrs.get("aria-invalid") or "pwdless-notice--error" in first.classes


@every_sample
def test_the_focus_is_in_one_place(sample):
    assert len(shown(sample).has("autofocus")) <= 1


@every_sample
def test_icons_are_hidden_from_screen_readers(sample):
    for svg in shown(sample).all("svg"):
        drawn_for_people = any(e.attrs.get("role") == "img" for e in svg.ancestors())
        assert drawn_for_people or svg.attrs["aria-hidden"] == "true"


def test_field_of_choices_is_a_group_with_its_help_tied():
    class Choice(forms.Form):
        method = forms.ChoiceField(
            widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")], help_text="Take either."
        )

    page = page_of("login.html", login(form=Choice()))
    group = page.one("fieldset")
    assert group.one("legend").text == "Method"
    assert page.one(id=group.attrs["aria-describedby"]).text == "Take either."


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("de", "ltr"), ("ar", "rtl")])
def test_language_and_direction(language, direction):
    with translation.override(language):
        root = page_of("login.html", login()).one("html")
    assert (root.attrs["lang"], root.attrs["dir"]) == (language, direction)


@pytest.mark.parametrize(
    ("name", "field", "purpose", "keyboard"),
    [
        ("login", "identifier", "email", "email"),
        ("login-sms", "identifier", "tel", "tel"),
        ("login-one-field", "identifier", "username", ""),
        ("identity-add", "identifier", "email", "email"),
        ("link", "identifier", "email", "email"),
        ("link", "code", "one-time-code", "numeric"),
        ("verify", "code", "one-time-code", "numeric"),
        ("mfa-otp", "code", "one-time-code", "numeric"),
        ("mfa-recovery", "code", "off", ""),
        ("mfa-enroll-phone", "phone_number", "tel", "tel"),
    ],
)
def test_browser_is_told_what_to_fill_in(name, field, purpose, keyboard):
    attributes = shown(sample_called(name)).one("input", name=field).attrs
    assert attributes["type"] == "text"  # of type=number, leading zeros are lost
    assert attributes["autocomplete"] == purpose
    assert attributes.get("inputmode", "") == keyboard
    assert attributes["autocapitalize"] in ("off", "characters")
    assert attributes["spellcheck"] == "false"
