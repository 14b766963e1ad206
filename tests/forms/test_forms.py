"""The shape of what is typed: threats 36 (NUL, lone surrogates) and 37 (a code shown again)."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from django_pwdless.forms import CodeForm, EnrollForm, LoginForm
from django_pwdless.identifiers.identifier import Identifier

SURROGATE = "\ud800"


def configure(settings: Any, **keys: Any) -> None:
    settings.PWDLESS = {**settings.PWDLESS, **keys}


def login_form(**fields: str) -> LoginForm:
    query = QueryDict(mutable=True)
    query.update(fields)
    return LoginForm(query)


def code_of(text: str) -> str | None:
    form = CodeForm({"code": text})
    return form.cleaned_data["code"] if form.is_valid() else None


@pytest.mark.parametrize(
    "text",
    [
        *("123456", " 123456 ", "123 456", "12-34-56", "1 2 3 4 5 6", "123\u00a0456", "123–456"),
        *("123\t456", "\ufeff123456", "123\u200b456", "123\u2007456", "123\u2011456"),
        *("1\ufe0f23456", "123\u034f456", "123456\u3164", "\u2060123456"),
        *("١٢٣٤٥٦", "１２３４５６", "१२३४५६", "123٤٥٦"),
    ],
)
def test_code_is_read(text: str) -> None:
    assert code_of(text) == "123456"


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "12345", "1234567", "12345a", "x123456", "123.456", "123,456", "+123456"),
        *("¹²³⁴⁵⁶", "①②③④⑤⑥", "½23456", "123456\0", "\0", "0x1234", "12345" + SURROGATE),
        *("一二三四五六", "1" * 100_000, "1 " * 100 + "23456", "<b>123456</b>"),
    ],
)
def test_code_of_wrong_shape(text: str) -> None:
    assert code_of(text) is None


@pytest.mark.parametrize("length", [4, 6, 12])
def test_code_has_the_length_of_the_settings(length: int, settings: Any) -> None:
    configure(settings, CODE_LENGTH=length)
    fitting = [number for number in range(3, 14) if code_of("1" * number)]
    assert fitting == [length]


def test_missing_code_is_asked_for() -> None:
    assert CodeForm({}).errors["code"] == ["Enter the code."]


def test_code_is_never_shown_again() -> None:
    html = CodeForm({"code": "98765x"}).as_p()
    assert "98765" not in html


def test_code_field_helps_to_fill_it_in() -> None:
    html = CodeForm().as_p()
    assert 'autocomplete="one-time-code"' in html and 'inputmode="numeric"' in html


def test_identifier_is_read() -> None:
    form = login_form(identifier=" Ann@EXAMPLE.com ")
    assert form.is_valid()
    assert form.cleaned_data["identifier"] == Identifier("email", "Ann@example.com")


@pytest.mark.parametrize(
    "text", ["", "ann", "ann@example.com\0", f"ann{SURROGATE}@example.com", f"ann@{SURROGATE}.com"]
)
def test_malformed_identifier_is_an_error_at_its_field(text: str) -> None:
    form = login_form(identifier=text)
    assert list(form.errors) == ["identifier"]


@pytest.mark.parametrize("text", ["a@" + "b" * 100_000, SURROGATE * 10, "\0" * 10, "<script>"])
def test_identifier_is_shown_again_as_it_can_be(text: str) -> None:
    html = login_form(identifier=text).as_p()
    assert len(html.encode()) < 3000
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("methods", "identifier", "takes"),
    [
        (["email-code"], "ann@example.com", True),
        (["email-code"], "+4915123456789", False),
        (["sms-code"], "+4915123456789", True),
        (["sms-code"], "ann@example.com", False),
        (["email-code", "sms-code"], "ann@example.com", True),
        (["email-code", "sms-code"], "+4915123456789", True),
        (["universal"], "ann@example.com", False),
        (["universal"], "+4915123456789", False),
    ],
)
def test_kinds_that_the_methods_take(
    methods: list[str], identifier: str, takes: bool, settings: Any
) -> None:
    configure(settings, METHODS=methods)
    assert login_form(identifier=identifier).is_valid() is takes


@pytest.mark.parametrize("method", ["", "email-code"])
def test_offered_method_is_taken(method: str) -> None:
    assert login_form(identifier="ann@example.com", method=method).is_valid()


@pytest.mark.parametrize(
    "method", ["sms-code", "universal", "email", "x" * 100_000, "\0", SURROGATE, "<script>"]
)
def test_method_not_offered(method: str) -> None:
    form = login_form(identifier="ann@example.com", method=method)
    assert list(form.errors) == ["method", "__all__"]
    html = form.as_p()
    assert len(html.encode()) < 3000
    assert "<script>" not in html


def test_method_not_offered_is_not_sent_again() -> None:
    form = login_form(identifier="ann@example.com", method="sms-code")
    assert not form["method"].value()


def test_method_not_offered_where_there_is_a_choice(settings: Any) -> None:
    configure(settings, METHODS=["email-code", "email-link"])
    form = login_form(identifier="ann@example.com", method="sms-code")
    assert list(form.errors) == ["method"]
    assert form["method"].value() == "email-code"


@pytest.mark.parametrize(
    ("fields", "focused"),
    [
        (None, "identifier"),
        ({"identifier": "ann"}, "identifier"),
        ({"identifier": "ann@example.com", "method": "sms-code"}, "method"),
        ({"identifier": "ann", "method": "sms-code"}, "identifier"),
    ],
)
def test_focus_is_on_the_first_error(fields: Any, focused: str, settings: Any) -> None:
    configure(settings, METHODS=["email-code", "email-link"])
    form = LoginForm(fields)
    form.focus()
    marked = [name for name in form.fields if "autofocus" in form.fields[name].widget.attrs]
    assert marked == [focused]


@pytest.mark.parametrize("chosen", ["otp", "phone"])
def test_the_chosen_button_has_the_focus(chosen: str) -> None:
    form = EnrollForm(initial={"factor": chosen}, factors=["phone", "otp"])
    form.focus()
    (focused,) = [button for button in form["factor"] if "autofocus" in str(button)]
    assert focused.data["value"] == chosen


@pytest.mark.parametrize("field", ["factor", "channel"])
def test_enrollment_does_not_name_what_is_not_offered(field: str) -> None:
    sent = {"factor": "phone", "phone_number": "+12025550123", field: "made-up"}
    form = EnrollForm(sent, factors=["otp", "phone"])
    assert form.errors[field] == ["That option is not available now. Choose another."]


@pytest.mark.parametrize("factors", [["otp"], ["phone", "otp"]])
@pytest.mark.parametrize("field", ["factor", "channel"])
@pytest.mark.parametrize("text", ["unheard-of", "<b>", SURROGATE])
def test_factor_that_is_not_offered_is_not_shown_again(
    text: str, field: str, factors: list[str]
) -> None:
    # threat 36: it would break the page, and nobody typed it there
    form = EnrollForm({"factor": factors[0], field: text}, factors=factors)
    page = form.as_div()
    page.encode()
    assert text not in page and "&lt;b&gt;" not in page
