"""What single pages say, and where they lead."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.utils import translation

from django_pwdless import exceptions as exc
from django_pwdless.forms import CodeForm, FactorCodeForm
from tests.template_samples import (
    ADDRESS,
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

from .html import (
    Element,
    page_of,
    sample_called,
    shown,
)

pytestmark = pytest.mark.urls("tests.browser.sample_urls")
ADD = "/accounts/identities/add/"


def test_number_of_tries_and_length_in_the_right_plural():
    def text(**more: Any) -> str:
        form = CodeForm({"code": ""})
        return page_of("verify.html", verify(form=form, **more)).text

    assert "You have 1 try left." in text(tries_left=1)
    assert "You have 2 tries left." in text(tries_left=2)
    assert "left" not in text(tries_left=None)
    assert "left" not in text(tries_left=49), "so many are no help"
    assert "The code works for 3 minutes." in text(code_lifetime=180)
    assert "The code works for 90 seconds." in text(code_lifetime=90)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second."),
        (60, "60 seconds."),
        (120, "2 minutes."),
        (180, "3 minutes."),
        (200, "4 minutes."),
        (3600, "60 minutes."),
    ],
)
def test_wait_in_words(seconds, words):
    page = page_of("problem.html", problem(exc.LimitExceeded(seconds)))
    assert f"Try again in {words}" in page.text


@pytest.mark.parametrize(("seconds", "words"), [(0, "0:00"), (89, "1:29"), (600, "10:00")])
def test_time_left_on_a_clock(seconds, words):
    context = {"authenticators": [], "expires_in": seconds}
    assert f"Time left: {words}" in page_of("mfa/select.html", context).text


def test_use_another_address_keeps_where_the_views_say():
    page = page_of("verify.html", verify(change_url="/accounts/identities/add/"))
    assert page.one("a", href="/accounts/identities/add/").text == "Change address"


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
    assert all(form.one("input", name="next").attrs["value"] == ADD for form in choices)


def test_signing_in_again_begins_with_signing_out():
    page = shown(sample_called("login-sign-in-again"))
    (form,) = [form for form in page.all("form") if form.attrs["action"].endswith("/logout/")]
    assert form.one("input", name="next").attrs["value"] == f"/accounts/login/?next={ADD}"


@pytest.mark.parametrize(
    ("language", "oneself", "device"),
    [
        ("en", "Sign out", "Sign out"),
        ("fr", "Se déconnecter", "Déconnecter"),
        ("pl", "Wyloguj się", "Wyloguj"),
    ],
)
def test_signing_out_oneself_is_another_word_than_signing_out_a_device(language, oneself, device):
    with translation.override(language):
        own, others = shown(sample_called("login-sign-in-again")), shown(sample_called("sign-ins"))
    assert primary_of(own).text == oneself
    assert {e.text for e in others.all("button") if "pwdless-end-" in e.attrs.get("id", "")} == {
        device
    }


def primary_of(page: Element) -> Element:
    (button,) = [e for e in page.walk() if "pwdless-button--primary" in e.classes]
    return button


@pytest.mark.parametrize(
    ("name", "primary"),
    [
        ("login-signed-in", "Continue"),
        ("login-signed-in-error", "Continue"),
        ("login-reconfirm", "ann@example.com Send a code"),
        ("login-reconfirm-error", "Continue"),
        ("login-confirm-universal", "Confirm"),
        ("login-sign-in-again", "Sign out"),
    ],
)
def test_signed_in_people_can_always_go_on_or_be_somebody_else(name, primary):
    page = shown(sample_called(name))
    assert f"You’re signed in as {ADDRESS}." in page.text
    wants_proof = sample_called(name).context()["wants_proof"]
    onward = page.one("a", href="/accounts/identities/" if wants_proof else "/in/")
    assert onward.text == ("Not now" if wants_proof else "Continue")
    assert page.one("h2").text == "Use a different account"
    assert page.one("input", name="identifier").attrs["type"] == "text"
    assert primary_of(page).text == primary


@pytest.mark.parametrize(
    ("methods", "words"),
    [
        (["email-code"], "We’ll email you a code."),
        (["email-link", "universal"], "We’ll email you a link."),
        (["sms-code"], "We’ll text you a code."),
        (["email-code", "sms-code"], "We’ll send you a code."),
        (["email-code", "email-link"], "We’ll send you a code or a link."),
        (["sms-code", "email-link"], "We’ll send you a code or a link."),
        (
            ["sms-code", "email-link", "email-code"],
            "Email address or phone number What should we email you?",
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
        ("link.html", {"form": CodeForm(), "tries_left": 0}, "Send a new code"),
        ("verify.html", verify(is_code_old=True, tries_left=2), "Send a new code"),
        ("link.html", {"form": CodeForm(), "is_code_old": True}, "Send a new code"),
    ],
)
def test_without_tries_a_new_code_comes_first_and_the_field_stays(template, context, resend):
    page = page_of(template, context)
    assert primary_of(page).text == resend
    field = page.one("input", name="code")
    (form,) = [e for e in field.ancestors() if e.tag == "form"]
    assert form.one("button").text in {"Continue", "Sign in"}
    if context["form"].errors:
        assert page.one(id=field.attrs["aria-describedby"]).text.endswith("You have no tries left.")


@pytest.mark.parametrize(
    "context",
    [
        text_message(form=wrong_code(FactorCodeForm), tries_left=0),
        phone_call(tries_left=0),
        challenge("otp", tries_left=0),
        challenge("recovery-code", tries_left=0),
    ],
)
def test_without_tries_for_a_second_factor_a_new_login_comes_first(context):
    """A new code has no tries of its own."""
    page = page_of("mfa/challenge.html", context)
    assert primary_of(page).text == "Start again"
    assert primary_of(page).attrs["href"] == "/accounts/login/?next=/in/"
    assert "You have no tries left" in page.text
    assert not page.all("form", action="/accounts/resend/")
    assert page.one("input", name="code").tag == "input"


@pytest.mark.parametrize(
    ("context", "words"),
    [
        (text_message(hint="••• 23"), "Enter the code from the text message to ••• 23."),
        (text_message(hint=""), "Enter the code from the text message."),
        (text_message(channel=None), "Enter the code from the text message to ••• 0123."),
        (phone_call(hint="••• 23"), "We’re calling ••• 23. Enter the code you hear."),
        (phone_call(hint=""), "We’re calling you. Enter the code you hear."),
        (challenge("email", hint="a•••"), "Enter the code from the email to a•••."),
        (challenge("otp"), "Enter the code from your authenticator app."),
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
    assert page.one("a", href="/accounts/sent/").text == "Get a new link"
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
