from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation
from django.utils.translation import trans_real

import django_pwdless
from django_pwdless.forms import CodeForm, FactorCodeForm
from tests.template_samples import (
    ADDRESS,
    DATA,
    SAMPLES,
    Sample,
    challenge,
    enroll,
    identity,
    login,
    phone_call,
    problem,
    text_message,
    verify,
    wrong_code,
)

pytestmark = pytest.mark.urls("tests.browser.sample_urls")

TEMPLATES = Path(django_pwdless.__file__).parent / "templates" / "django_pwdless"
VOID = {"br", "hr", "img", "input", "link", "meta"}
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


@dataclass
class Element:
    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)
    parent: Element | None = None

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str, **attrs: str) -> list[Element]:
        return [
            element
            for element in self.walk()
            if (not tags or element.tag in tags) and attrs.items() <= element.attrs.items()
        ]

    def one(self, *tags: str, **attrs: str) -> Element:
        (element,) = self.all(*tags, **attrs)
        return element

    def has(self, attribute: str) -> list[Element]:
        return [element for element in self.walk() if attribute in element.attrs]

    def ancestors(self) -> Iterator[Element]:
        if self.parent:
            yield self.parent
            yield from self.parent.ancestors()

    @property
    def raw_text(self) -> str:
        parts = (c if isinstance(c, str) else c.raw_text for c in self.children)
        return "".join(parts) + (" " if self.tag in {"div", "li", "p"} else "")

    @property
    def text(self) -> str:
        return " ".join(self.raw_text.split())

    @property
    def classes(self) -> list[str]:
        return self.attrs.get("class", "").split()


class Page(HTMLParser):
    """A strict little parser: every element that is no void one must be closed, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self.current = Element("#document")
        self.feed(html)
        self.close()
        assert self.current is self.root, f"<{self.current.tag}> is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        element = Element(tag, {name: value or "" for name, value in attrs}, parent=self.current)
        self.current.children.append(element)
        if tag not in VOID:
            self.current = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.current.tag == tag, f"</{tag}> closes <{self.current.tag}>"
        assert self.current.parent
        self.current = self.current.parent

    def handle_data(self, data: str) -> None:
        self.current.children.append(data)


def engine(**options: Any) -> list[dict[str, Any]]:
    """Return ``TEMPLATES`` with other options."""
    django_engine: dict[str, Any] = settings.TEMPLATES[0]
    options = {**django_engine["OPTIONS"], **options}
    return [{**django_engine, "APP_DIRS": "loaders" not in options, "OPTIONS": options}]


def engine_with(name: str, source: str) -> list[dict[str, Any]]:
    """Return ``TEMPLATES`` of a site that replaces one of our templates."""
    own = ("django.template.loaders.locmem.Loader", {f"django_pwdless/{name}": source})
    return engine(loaders=[own, "django.template.loaders.app_directories.Loader"])


def html_of(template: str, context: dict[str, Any]) -> str:
    request = RequestFactory().get("/")
    return render_to_string(f"django_pwdless/{template}", context, request)


def page_of(template: str, context: dict[str, Any]) -> Element:
    return Page(html_of(template, context)).root


def shown(sample: Sample) -> Element:
    return page_of(sample.template, sample.context())


def errors_of(sample: Sample) -> bool:
    form = sample.context().get("form")
    return isinstance(form, forms.Form) and bool(form.errors)


def test_every_template_of_the_interface_has_a_sample():
    pages = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("[!_]*.html")}
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
    nothing_to_do = {"link-sent", "link-sent-bare", "problem-bare"}
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
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


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


def sample_called(name: str) -> Sample:
    (sample,) = (sample for sample in SAMPLES if sample.name == name)
    return sample


@pytest.mark.parametrize("name", ["login-error", "login-form-error", "identity-add-error"])
def test_first_error_takes_the_focus(name):
    first = shown(sample_called(name)).has("autofocus")[0]
    assert first.attrs.get("aria-invalid") or "pwdless-notice--error" in first.classes


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


def test_number_of_tries_and_length_in_the_right_plural():
    def text(**more: Any) -> str:
        form = CodeForm({"code": ""})
        return page_of("verify.html", verify(form=form, **more)).text

    assert "1 try left." in text(tries_left=1)
    assert "2 tries left." in text(tries_left=2)
    assert "left" not in text(tries_left=None)
    assert "It works for 3 minutes." in text(code_lifetime=180)
    assert "It works for 90 seconds." in text(code_lifetime=90)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second "),
        (60, "60 seconds "),
        (120, "2 minutes "),
        (180, "3 minutes "),
        (200, "4 minutes "),
        (3600, "60 minutes "),
    ],
)
def test_wait_in_words(seconds, words):
    page = page_of("problem.html", problem(retry_after=seconds))
    assert f"Please wait {words}before you try again." in page.text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "About a minute left"), (89, "About a minute left"), (90, "About 2 minutes left")],
)
def test_time_left_in_words(seconds, words):
    context = {"authenticators": [], "expires_in": seconds}
    assert words in page_of("mfa/select.html", context).text


def test_use_another_address_keeps_where_the_views_say():
    page = page_of("verify.html", verify(change_url="/accounts/identities/add/"))
    assert page.one("a", href="/accounts/identities/add/").text == "Use another address"


def test_login_keeps_next_once():
    page = page_of("login.html", login(next="/in/"))
    assert len(page.all("input", name="next")) == 1

    class Bare(forms.Form):
        identifier = forms.EmailField()

    page = page_of("login.html", login(form=Bare(), next="/in/"))
    assert page.one("input", name="next").attrs["value"] == "/in/"


def test_reconfirm_sends_the_key_of_an_identity_and_next():
    page = shown(sample_called("login-reconfirm"))
    choices = [form for form in page.all("form") if form.all("input", name="reconfirm")]
    assert [form.one("input", name="reconfirm").attrs["value"] for form in choices] == list("123")
    assert all(form.one("input", name="next").attrs["value"] == "/in/" for form in choices)


def primary_of(page: Element) -> Element:
    (button,) = [e for e in page.walk() if "pwdless-button--primary" in e.classes]
    return button


@pytest.mark.parametrize(
    ("name", "primary"),
    [
        ("login-signed-in", "Continue"),
        ("login-signed-in-error", "Continue"),
        ("login-reconfirm", "Send a code ann@example.com"),
        ("login-reconfirm-error", "Continue"),
    ],
)
def test_signed_in_people_can_always_go_on_or_be_somebody_else(name, primary):
    page = shown(sample_called(name))
    assert f"You are signed in as {ADDRESS}." in page.text
    assert page.one("a", href="/in/").text.startswith("Continue")
    assert page.one("summary").text == "Sign in as somebody else"
    assert page.one("details").all("input", name="identifier")
    assert primary_of(page).text == primary
    is_open = "open" in page.one("details").attrs
    assert is_open is errors_of(sample_called(name))


@pytest.mark.parametrize(
    ("methods", "words"),
    [
        (["email-code"], "We send you a code by e-mail."),
        (["email-link", "universal"], "We send you a link by e-mail."),
        (["sms-code"], "We send you a code by text message."),
        (["email-code", "sms-code"], "We send you a code."),
        (["email-code", "email-link"], "We send you a message to sign in with."),
        (["sms-code", "email-link"], "We send you a message to sign in with."),
        (
            ["sms-code", "email-link", "email-code"],
            "E-mail address or phone number What should we send to an e-mail address?",
        ),
    ],
)
def test_login_says_what_will_be_sent(methods, words):
    page = page_of("login.html", login(*methods))
    assert words in page.text
    chosen = [radio.attrs["value"] for radio in page.all("input", type="radio")]
    by_mail = [name for name in methods if name.startswith("email-")]
    assert chosen == (by_mail if len(by_mail) > 1 else [])
    assert bool(page.all("a", href="/accounts/universal/")) is ("universal" in methods)


@pytest.mark.parametrize(
    ("template", "context", "resend"),
    [
        ("verify.html", verify(form=wrong_code(), tries_left=0), "Send a new code"),
        ("verify.html", verify(tries_left=0), "Send a new code"),
        (
            "mfa/challenge.html",
            text_message(form=wrong_code(FactorCodeForm), tries_left=0),
            "Send a new code",
        ),
        ("mfa/challenge.html", phone_call(tries_left=0), "Call me again"),
        ("link.html", {"form": CodeForm(), "tries_left": 0}, "Send a new code"),
    ],
)
def test_without_tries_a_new_code_comes_first_and_the_field_stays(template, context, resend):
    page = page_of(template, context)
    assert primary_of(page).text == resend
    field = page.one("input", name="code")
    (form,) = [e for e in field.ancestors() if e.tag == "form"]
    assert form.one("button").text in {"Continue", "Sign in"}
    if context["form"].errors:
        assert page.one(id=field.attrs["aria-describedby"]).text.endswith("No tries left.")


def test_without_tries_and_nothing_to_send_the_code_stays_first():
    page = page_of("mfa/challenge.html", challenge("otp", tries_left=0))
    assert primary_of(page).text == "Continue"


@pytest.mark.parametrize(
    ("context", "words"),
    [
        (text_message(hint="••• 23"), "Type the code from the text message to ••• 23."),
        (text_message(hint=""), "Type the code from the text message."),
        (text_message(channel=None), "Type the code from the text message to XXXXXXXX0123."),
        (phone_call(hint="••• 23"), "We are calling ••• 23. Type the code that you hear."),
        (phone_call(hint=""), "We are calling you. Type the code that you hear."),
        (challenge("email", hint="a•••"), "Type the code from the e-mail to a•••."),
        (challenge("otp"), "Type the code that your authenticator app shows."),
    ],
)
def test_challenge_says_where_the_code_is(context, words):
    assert words in page_of("mfa/challenge.html", context).text


def test_code_instead_of_a_link_is_one_press():
    page = shown(sample_called("problem-link"))
    button = primary_of(page)
    assert button.text == "Use a code instead"
    (form,) = [e for e in button.ancestors() if e.tag == "form"]
    assert form.attrs["action"] == "/accounts/resend/"
    assert form.one("input", name="method").attrs["value"] == "email-code"
    assert page.one("a", href="/accounts/sent/").text == "Ask for another link"
    elsewhere = shown(sample_called("problem-link-elsewhere"))
    assert primary_of(elsewhere).text == "Start again"


@pytest.mark.parametrize("factor", ["otp", "phone", "push-notification"])
def test_the_only_factor_to_enroll_is_not_asked_for(factor):
    page = page_of("mfa/enroll.html", enroll(factor))
    field = page.one("input", name="factor")
    assert (field.attrs["type"], field.attrs["value"]) == ("hidden", factor)
    assert [e.attrs["name"] for e in page.has("autofocus")] == (
        ["phone_number"] if factor == "phone" else []
    )


def test_logout_at_auth0_follows_by_itself():
    url = "https://tenant.example/v2/logout?client_id=x&returnTo=y"
    page = page_of("logged_out.html", {"auth0_logout_url": url})
    refresh = page.one("meta", **{"http-equiv": "refresh"})
    assert refresh.attrs["content"] == f"0; url={url}"
    assert page.one("a", href=url).text == "Continue"


def test_messages_of_the_site_are_shown():
    messages = [
        Message(constants.SUCCESS, "Saved."),
        Message(constants.WARNING, "Start again."),
        Message(constants.INFO, "By the way."),
    ]
    page = page_of("login.html", login(messages=messages))
    assert page.one("div", role="status").text == "Saved. Start again. By the way."


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("login.html", login(signed_in_as="<b>", next='"><b>')),
        ("verify.html", verify(masked_identifier="<b>", connection="<b>")),
        ("problem.html", problem(title="<b>", text="<b>", outcome='"><b>')),
        ("logged_out.html", {"auth0_logout_url": '"><b>', "continue_url": None}),
        ("mfa/push.html", {"hint": "<b>", "poll_url": '"><b>', "interval": 5, "expires_in": 9}),
        ("mfa/challenge.html", challenge("otp", qr_svg="<b>", secret="<b>")),
        ("mfa/challenge.html", text_message(hint="<b>")),
        ("identities.html", {"identities": [identity(1, email="<b>")]}),
    ],
)
def test_everything_is_escaped(template, context):
    assert not page_of(template, context).all("b")


# A site's own layout

FOREIGN_BASE = """<html><head><title>{% block title %}{% endblock %} | Site</title>
<link rel="stylesheet" href="/site.css">
{% block extra_head %}<meta name="site">{% endblock %}</head>
<body><nav>Site</nav><div id="content">{% block content %}{% endblock %}</div>
{% block extra_body %}<script src="/site.js"></script>{% endblock %}</body></html>"""


@pytest.fixture
def foreign_base() -> Iterator[None]:
    with override_settings(TEMPLATES=engine_with("base.html", FOREIGN_BASE)):
        yield


@every_sample
@pytest.mark.usefixtures("foreign_base")
def test_page_within_a_foreign_base(sample):
    page = shown(sample)
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


# Translation

TRANSLATED_ATTRIBUTES = [
    "alt",
    "aria-label",
    "placeholder",
    "title",
    "data-pwdless-announce",
    "data-pwdless-approved",
    "data-pwdless-copied",
    "data-pwdless-expired",
    "data-pwdless-rejected",
    "data-pwdless-uncopied",
    "data-pwdless-waiting",
]


class BracketTranslation(NullTranslations):
    """A language in which everything is the English text in ⟦ ⟧."""

    def to_language(self) -> str:
        return "xx"

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: float) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture
def brackets() -> Iterator[None]:
    catalogues: dict[str, NullTranslations] = trans_real._translations  # type: ignore[attr-defined]
    catalogues["xx"] = BracketTranslation()
    with translation.override("xx"):
        yield
    del catalogues["xx"]


def untranslated(text: str) -> str:
    """Return the letters of ``text`` that stand outside all brackets."""
    for data in DATA:
        text = text.replace(data, "")
    depth, rest = 0, ""
    for character in text:
        depth += {"⟦": 1, "⟧": -1}.get(character, 0)
        if not depth and character.isalpha():
            rest += character
    return rest


@every_sample
@pytest.mark.usefixtures("brackets")
def test_everything_can_be_translated(sample):
    page = shown(sample)
    assert not untranslated(page.text)
    for name in TRANSLATED_ATTRIBUTES:
        for element in page.has(name):
            assert not untranslated(element.attrs[name]), element.attrs
