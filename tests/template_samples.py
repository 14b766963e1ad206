"""Every page in every state, with the context the interface promises it.

``test_templates`` parses them, ``browser/test_pages`` looks at them in a real browser. Words that
stand in for people's own data are in ``DATA``; everything else on a page is the app's.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import segno
from django import forms
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

ADDRESS = "ann@example.com"
LONG_ADDRESS = "maximiliane.von-und-zu-hinterobermoos@donaudampfschifffahrt.example.com"
NUMBER = "+12025550123"
SECRET = "HJ6XAMSVKNBHQ4DSMRTTA2LPOJWDKNZZ"
OTPAUTH_URL = f"otpauth://totp/Example:ann%40example.com?secret={SECRET}&issuer=Example"
CODES = ["N3BGPZZWJ85JLCNPZBDW6QXC"]


class IdentifierForm(forms.Form):
    identifier = forms.EmailField(
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["identifier"].label = _("E-mail address")


class ChoiceForm(IdentifierForm):
    method = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["method"]
        assert isinstance(field, forms.ChoiceField)
        field.label = _("How should we reach you?")
        field.help_text = _("Either works on its own.")
        field.choices = [("email-code", _("Code by e-mail")), ("email-link", _("Link by e-mail"))]


class CodeForm(forms.Form):
    code = forms.CharField(
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")


class LinkForm(CodeForm):
    identifier = IdentifierForm.base_fields["identifier"]
    field_order = ("identifier", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["identifier"].label = _("E-mail address")


class EnrollForm(forms.Form):
    factor = forms.ChoiceField(widget=forms.RadioSelect)
    phone_number = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    channel = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        factor, channel = self.fields["factor"], self.fields["channel"]
        assert isinstance(factor, forms.ChoiceField)
        assert isinstance(channel, forms.ChoiceField)
        factor.label = _("Second step")
        factor.choices = [
            ("otp", _("Authenticator app")),
            ("phone", _("Phone")),
            ("push-notification", _("Notification on your phone")),
        ]
        self.fields["phone_number"].label = _("Phone number")
        self.fields["phone_number"].help_text = _("With the country's code.")
        channel.label = _("How should the code reach you?")
        channel.choices = [("sms", _("Text message")), ("voice", _("Phone call"))]


LABELS = {
    "email-code": "Code by e-mail",
    "email-link": "Link by e-mail",
    "universal": "Sign-in page",
    "push-notification": "Notification on your phone",
    "otp": "Authenticator app",
    "phone": "Phone",
    "sms": "Text message",
    "voice": "Phone call",
    "email": "E-mail",
    "recovery-code": "Recovery code",
}


@dataclass(frozen=True)
class Method:
    name: str

    @property
    def label(self) -> str:
        return _(LABELS[self.name])


@dataclass(frozen=True)
class Authenticator:
    id: str
    factor: str
    hint: str = ""

    @property
    def label(self) -> str:
        return _(LABELS[self.factor])


@dataclass(frozen=True)
class Identity:
    pk: int
    connection: str = "email"
    email: str = ""
    phone_number: str = ""
    created_at: datetime.datetime = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.timezone.utc)

    @property
    def label(self) -> str:
        return self.email or self.phone_number


Context = Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Sample:
    name: str
    template: str
    context: Context


def with_error(form: forms.Form, field: str | None, text: str) -> forms.Form:
    form.is_valid()
    form.errors.clear()
    form.add_error(field, text)
    return form


def qr_svg() -> SafeString:
    return mark_safe(
        segno.make(OTPAUTH_URL).svg_inline(omitsize=True, border=0, svgclass=None, lineclass=None)
    )


EMAIL_CODE, EMAIL_LINK, UNIVERSAL = (Method(n) for n in ("email-code", "email-link", "universal"))


def login(**more: Any) -> dict[str, Any]:
    return {
        "form": IdentifierForm(),
        "methods": [EMAIL_CODE],
        "universal_url": None,
        "next": "",
        "signed_in_as": None,
    } | more


def verify(**more: Any) -> dict[str, Any]:
    return {
        "form": CodeForm(),
        "masked_identifier": "a•••@example.com",
        "connection": "email",
        "code_length": 6,
        "code_lifetime": 180,
        "tries_left": None,
        "resend_wait": 0,
    } | more


def wrong_code() -> forms.Form:
    return with_error(CodeForm({"code": ""}), "code", _("This code is wrong or too old."))


def problem(**more: Any) -> dict[str, Any]:
    return {
        "outcome": "unavailable",
        "title": _("That did not work"),
        "text": _("We could not send the message. Nothing is lost: try again."),
        "retry_url": "/accounts/verify/",
        "universal_url": None,
        "retry_after": None,
    } | more


def challenge(factor: str, **more: Any) -> dict[str, Any]:
    return {
        "form": CodeForm(),
        "factor": factor,
        "hint": "",
        "tries_left": None,
        "resend_wait": 0,
        "can_resend": False,
        "expires_in": 540,
    } | more


def push(**more: Any) -> dict[str, Any]:
    return {
        "hint": "ANN-7",
        "poll_url": "/accounts/mfa/poll/",
        "interval": 5,
        "expires_in": 540,
    } | more


AUTHENTICATORS = [
    Authenticator("push|dev_1", "push-notification", "ANN-7"),
    Authenticator("totp|dev_2", "otp"),
    Authenticator("sms|dev_3", "sms", "XXXXXXXX0123"),
    Authenticator("voice|dev_4", "voice", "XXXXXXXX0123"),
    Authenticator("email|dev_5", "email", "a••@exam•••"),
    Authenticator("recovery-code|dev_6", "recovery-code"),
]
FACTORS = [Method("otp"), Method("phone"), Method("push-notification")]
ANN = Identity(1, email=ADDRESS)
PHONE = Identity(2, connection="sms", phone_number=NUMBER)
LONG = Identity(3, email=LONG_ADDRESS)


def bad_address() -> forms.Form:
    return with_error(
        IdentifierForm({"identifier": "ann@", "next": "/in/"}),
        "identifier",
        _("Enter a whole address, such as the one you get e-mail at."),
    )


def enroll_without_number() -> forms.Form:
    return with_error(
        EnrollForm({"factor": "phone", "channel": "sms"}), "phone_number", _("Type your number.")
    )


SAMPLES = [
    Sample("login", "login.html", login),
    Sample("login-bare", "login.html", lambda: {"form": IdentifierForm()}),
    Sample("login-error", "login.html", lambda: login(form=bad_address(), next="/in/")),
    Sample(
        "login-form-error",
        "login.html",
        lambda: login(form=with_error(IdentifierForm({}), None, _("Try again in a moment."))),
    ),
    Sample(
        "login-methods",
        "login.html",
        lambda: login(
            form=ChoiceForm(),
            methods=[EMAIL_CODE, EMAIL_LINK, UNIVERSAL],
            universal_url="/accounts/universal/",
            next="/in/",
        ),
    ),
    Sample(
        "login-signed-in",
        "login.html",
        lambda: login(signed_in_as=ADDRESS, next="/in/"),
    ),
    Sample(
        "login-signed-in-error",
        "login.html",
        lambda: login(form=bad_address(), signed_in_as=ADDRESS, next="/in/"),
    ),
    Sample(
        "login-reconfirm",
        "login.html",
        lambda: login(signed_in_as=ADDRESS, next="/in/", reconfirm=[ANN, PHONE, LONG]),
    ),
    Sample("verify", "verify.html", lambda: verify(resend_wait=30)),
    Sample(
        "verify-error",
        "verify.html",
        lambda: verify(form=wrong_code(), tries_left=2, resend_wait=1),
    ),
    Sample("verify-used-up", "verify.html", lambda: verify(form=wrong_code(), tries_left=0)),
    Sample("verify-used-up-later", "verify.html", lambda: verify(tries_left=0)),
    Sample(
        "verify-sms",
        "verify.html",
        lambda: verify(
            connection="sms", masked_identifier="+1•••••••123", code_length=4, code_lifetime=90
        ),
    ),
    Sample("verify-long", "verify.html", lambda: verify(masked_identifier=LONG_ADDRESS)),
    Sample(
        "link-sent",
        "link_sent.html",
        lambda: {"masked_identifier": ADDRESS, "resend_wait": 30, "code_instead": True},
    ),
    Sample(
        "link-sent-bare",
        "link_sent.html",
        lambda: {"masked_identifier": ADDRESS, "resend_wait": 0},
    ),
    Sample("link", "link.html", lambda: {"form": LinkForm()}),
    Sample("link-pending", "link.html", lambda: {"form": CodeForm(), "masked_identifier": ADDRESS}),
    Sample("link-error", "link.html", lambda: {"form": wrong_code(), "tries_left": 1}),
    Sample("problem", "problem.html", problem),
    Sample(
        "problem-limited",
        "problem.html",
        lambda: problem(outcome="limited", retry_after=2400, universal_url="/accounts/universal/"),
    ),
    Sample("problem-soon", "problem.html", lambda: problem(outcome="limited", retry_after=25)),
    Sample(
        "problem-universal",
        "problem.html",
        lambda: problem(outcome="captcha", retry_url=None, universal_url="/accounts/universal/"),
    ),
    Sample(
        "problem-bare",
        "problem.html",
        lambda: problem(outcome=None, title=None, text=None, retry_url=None),
    ),
    Sample("logged-out", "logged_out.html", lambda: {"continue_url": "/in/"}),
    Sample("logged-out-bare", "logged_out.html", lambda: {"continue_url": None}),
    Sample(
        "logged-out-auth0",
        "logged_out.html",
        lambda: {
            "continue_url": None,
            "auth0_logout_url": "/v2/logout?client_id=x&returnTo=http%3A%2F%2Ftestserver%2F",
        },
    ),
    Sample(
        "mfa-select",
        "mfa/select.html",
        lambda: {"authenticators": AUTHENTICATORS, "expires_in": 600},
    ),
    Sample("mfa-select-empty", "mfa/select.html", lambda: {"authenticators": [], "expires_in": 20}),
    Sample("mfa-otp", "mfa/challenge.html", lambda: challenge("otp")),
    Sample(
        "mfa-sms",
        "mfa/challenge.html",
        lambda: challenge("sms", hint="XXXXXXXX0123", can_resend=True, resend_wait=30),
    ),
    Sample(
        "mfa-sms-error",
        "mfa/challenge.html",
        lambda: challenge(
            "sms", form=wrong_code(), hint="XXXXXXXX0123", tries_left=1, can_resend=True
        ),
    ),
    Sample(
        "mfa-sms-used-up",
        "mfa/challenge.html",
        lambda: challenge("sms", form=wrong_code(), tries_left=0, can_resend=True),
    ),
    Sample("mfa-email-used-up", "mfa/challenge.html", lambda: challenge("email", tries_left=0)),
    Sample(
        "mfa-otp-used-up",
        "mfa/challenge.html",
        lambda: challenge("otp", form=wrong_code(), tries_left=0),
    ),
    Sample(
        "mfa-voice",
        "mfa/challenge.html",
        lambda: challenge("voice", hint="XXXXXXXX0123", can_resend=True),
    ),
    Sample("mfa-email", "mfa/challenge.html", lambda: challenge("email", hint="a••@exam•••")),
    Sample("mfa-recovery", "mfa/challenge.html", lambda: challenge("recovery-code")),
    Sample(
        "mfa-otp-enroll",
        "mfa/challenge.html",
        lambda: challenge("otp", secret=SECRET, otpauth_url=OTPAUTH_URL, qr_svg=qr_svg()),
    ),
    Sample(
        "mfa-otp-enroll-bare",
        "mfa/challenge.html",
        lambda: challenge("otp", secret=SECRET, otpauth_url=OTPAUTH_URL, expires_in=60),
    ),
    Sample("mfa-push", "mfa/push.html", push),
    Sample("mfa-push-bare", "mfa/push.html", lambda: push(hint="", can_resend=True)),
    Sample("mfa-push-enroll", "mfa/push.html", lambda: push(hint="", qr_svg=qr_svg())),
    Sample(
        "mfa-enroll",
        "mfa/enroll.html",
        lambda: {"form": EnrollForm(), "factors": FACTORS, "expires_in": 600},
    ),
    Sample(
        "mfa-enroll-error",
        "mfa/enroll.html",
        lambda: {"form": enroll_without_number(), "factors": FACTORS},
    ),
    Sample(
        "mfa-recovery-codes",
        "mfa/recovery_codes.html",
        lambda: {"recovery_codes": CODES, "next": "/in/"},
    ),
    Sample(
        "mfa-recovery-codes-many",
        "mfa/recovery_codes.html",
        lambda: {"recovery_codes": CODES * 3, "next": ""},
    ),
    Sample(
        "identities",
        "identities.html",
        lambda: {"identities": [ANN, PHONE, LONG], "has_unconfirmed_recovery_codes": True},
    ),
    Sample("identities-one", "identities.html", lambda: {"identities": [Identity(4, "", "")]}),
    Sample("identity-add", "identity_add.html", lambda: {"form": IdentifierForm()}),
    Sample("identity-add-error", "identity_add.html", lambda: {"form": bad_address()}),
]
