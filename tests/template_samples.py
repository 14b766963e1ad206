"""Every page in every state, with the forms and the context that the views give it.

``templates/test_markup`` and its neighbours parse them, ``browser/test_pages`` looks at them in a
real browser. Words that stand in for people's own data are in ``DATA``; everything else on a page
is the app's.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.test import override_settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from django_pwdless import exceptions as exc
from django_pwdless.forms import (
    CodeForm,
    EnrollForm,
    FactorCodeForm,
    IdentifierForm,
    LinkForm,
    LoginForm,
    RecoveryCodeForm,
)
from django_pwdless.identifiers.methods import typed_methods
from django_pwdless.models import Identity, SignIn
from django_pwdless.pages.account_pages import AccountPage
from django_pwdless.pages.mfa_labels import Choice, describe_factor
from django_pwdless.pages.problems import problem_from, wrong_code_text
from django_pwdless.pages.qr_codes import qr_svg

ADDRESS = "ann@example.com"
LONG_ADDRESS = "maximiliane.von-und-zu-hinterobermoos@donaudampfschifffahrt.example.com"
NUMBER = "+12025550123"
MASKED_ADDRESS = "a•••@example.com"
MASKED_NUMBER = "XXXXXXXX0123"
MASKED_MAIL = "****@exam*******"
DEVICE = "Ann's phone"
SECRET = "HJ6XAMSVKNBHQ4DSMRTTA2LPOJWDKNZZ"
OTPAUTH_URL = f"otpauth://totp/Example:ann%40example.com?secret={SECRET}&issuer=Example"
FILE = {"download_name": f"recovery-codes-Shop-{ADDRESS}.txt", "download_head": f"Shop\n{ADDRESS}"}
CODES = ["N3BGPZZWJ85JLCNPZBDW6QXC"]
TERMS, TERMS_HELP = "I accept the terms", "They fit on a page."
DATA = [
    TERMS,
    TERMS_HELP,
    LONG_ADDRESS,
    ADDRESS,
    NUMBER,
    MASKED_ADDRESS,
    "••• 0123",
    "•••@exam•••",
    DEVICE,
    SECRET,
    *CODES,
]

Context = Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Sample:
    name: str
    template: str
    context: Context


def with_error(form: forms.Form, field: str | None, text: Any) -> forms.Form:
    form.is_valid()
    form.errors.clear()
    form.add_error(field, text)
    return form


def login(*methods: str, **more: Any) -> dict[str, Any]:
    """Return the login page's context where the settings offer ``methods``."""
    with override_settings(PWDLESS={**settings.PWDLESS, "METHODS": methods or ["email-code"]}):
        form = LoginForm(more.pop("data", None), initial={"identifier": more.pop("typed", "")})
        form.is_valid()
        if form.is_bound or not more.get("signed_in_as"):
            form.focus()
        universal_url = "/accounts/universal/" if "universal" in methods else None
        return {
            "form": form,
            "methods": typed_methods(),
            "universal_url": universal_url,
            "other_universal_url": universal_url,
            "next": "",
            "signed_in_as": None,
            "wants_proof": False,
            "reconfirm": [],
            "sign_in_again_url": None,
            "continue_url": more.get("next"),
        } | more


class TermsForm(LoginForm):
    """As a site may have it."""

    terms = forms.BooleanField(label=TERMS, help_text=TERMS_HELP)


def confirm(*methods: str, **more: Any) -> dict[str, Any]:
    """Return its context where the page at ``next`` wants to know that it is them."""
    where = {"next": "/accounts/identities/add/", "continue_url": "/accounts/identities/"}
    return login(*methods, signed_in_as=ADDRESS, wants_proof=True, **where, **more)


def verify(**more: Any) -> dict[str, Any]:
    return {
        "form": CodeForm(),
        "identifier": ADDRESS,
        "masked_identifier": MASKED_ADDRESS,
        "connection": "email",
        "code_length": 6,
        "code_lifetime": 180,
        "tries_left": None,
        "resend_wait": 0,
        "change_url": "/accounts/login/",
    } | more


def wrong_code(
    form: type[CodeForm | FactorCodeForm] = CodeForm,
    error: type[exc.InvalidCode] = exc.InvalidCode,
) -> forms.Form:
    return with_error(form({"code": ""}), "code", wrong_code_text(error()))


def problem(error: exc.PwdlessError | None = None, **more: Any) -> dict[str, Any]:
    told = problem_from(error or exc.Unavailable())
    return {
        "outcome": told.outcome,
        "title": told.title,
        "text": told.text,
        "retry_url": "/accounts/verify/",
        "universal_url": "/accounts/universal/" if told.offers_universal else None,
        "retry_after": told.retry_after,
        "code_instead": False,
    } | more


def challenge(factor: str, **more: Any) -> dict[str, Any]:
    return {
        "form": (RecoveryCodeForm if factor == "recovery-code" else FactorCodeForm)(),
        "factor": factor,
        "channel": "",
        "hint": "",
        "tries_left": None,
        "change_url": "/accounts/login/?next=/in/",
        "resend_wait": 0,
        "can_resend": factor in {"phone", "email"},
        "expires_in": 540,
        "poll_url": "/accounts/mfa/poll/",
        "interval": 5,
        "secret": None,
        "otpauth_url": None,
        "qr_svg": None,
    } | more


def text_message(**more: Any) -> dict[str, Any]:
    return challenge("phone", **{"channel": "sms", "hint": MASKED_NUMBER} | more)


def phone_call(**more: Any) -> dict[str, Any]:
    return challenge("phone", **{"channel": "voice", "hint": MASKED_NUMBER} | more)


def push(**more: Any) -> dict[str, Any]:
    return challenge("push-notification", **{"hint": DEVICE, "can_resend": True} | more)


AUTHENTICATORS = [
    Choice("push|dev_1", "push-notification", _("Notification on your phone"), DEVICE),
    Choice("totp|dev_2", "otp", _("Authenticator app"), ""),
    Choice("sms|dev_3", "phone", _("Text message"), MASKED_NUMBER),
    Choice("voice|dev_4", "phone", _("Phone call"), MASKED_NUMBER),
    Choice("email|dev_5", "email", pgettext_lazy("way to confirm", "Email"), MASKED_MAIL),
    Choice("recovery-code|dev_6", "recovery-code", _("Recovery code"), ""),
]
LOST = {
    "has_another_way": True,
    "recovery_code": "recovery-code|dev_6",
    "support_url": "https://www.example.com/help/",
}
ACCOUNT = [
    ("identities", _("Sign-in methods")),
    ("factors", _("Second steps")),
    ("sign-ins", _("Devices")),
]


def account(current: str, **more: Any) -> dict[str, Any]:
    """Return the context of a page of a site that has all of a person's own."""
    pages = [AccountPage(f"/accounts/{name}/", label, name == current) for name, label in ACCOUNT]
    return {"account_pages": pages, **more}


def factors(authenticators: list[Choice] | None = AUTHENTICATORS, **more: Any) -> dict[str, Any]:
    return account("factors") | {
        "authenticators": authenticators,
        "removable": [item.id for item in authenticators or ()],
        "can_add": True,
        "expires_in": 540,
        "step_up_url": None,
        **more,
    }


ALL_FACTORS = ["otp", "phone", "push-notification"]


def enroll(*factors: str, data: dict[str, str] | None = None) -> dict[str, Any]:
    names = list(factors or ALL_FACTORS)
    form = EnrollForm(data, factors=names)
    form.focus()
    return {
        "form": form,
        "factors": [describe_factor(name) for name in names],
        "expires_in": 600,
    }


def identity(pk: int, **more: Any) -> Identity:
    added = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.timezone.utc)
    return Identity(pk=pk, subject=f"subject-{pk}", created_at=added, **more)


ANN = identity(1, connection="email", email=ADDRESS)
PHONE = identity(2, connection="sms", phone_number=NUMBER)
LONG = identity(3, connection="email", email=LONG_ADDRESS)
NAMELESS = identity(4)


def sign_in(pk: int, user_agent: str, *, current: bool = False) -> SignIn:
    began = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.timezone.utc)
    row = SignIn(pk=pk, user_agent=user_agent, created_at=began, last_seen_at=began)
    row.current = current
    return row


LAPTOP = sign_in(1, "Mozilla/5.0 (Windows NT 10.0) Edg/138.0", current=True)
PHONE_APP = sign_in(2, "Mozilla/5.0 (iPhone) Version/18.5 Safari/604.1")
UNKNOWN = sign_in(3, "")

BAD = {"identifier": "ann@"}
RATE = exc.LimitExceeded(2400)
LINK_PROBLEM = exc.CallbackRefused("state_unknown")


def add(data: dict[str, str] | None = None) -> dict[str, Any]:
    form = IdentifierForm(data)
    form.focus()
    return {"form": form, "next": "/in/"}


SAMPLES = [
    Sample("login", "login.html", login),
    Sample("login-bare", "login.html", lambda: {"form": IdentifierForm()}),
    Sample("login-error", "login.html", lambda: login(data=BAD, next="/in/")),
    Sample(
        "login-form-error", "login.html", lambda: login(data={"identifier": ADDRESS, "method": "x"})
    ),
    Sample(
        "login-methods",
        "login.html",
        lambda: login("email-code", "email-link", "sms-code", "universal", next="/in/"),
    ),
    Sample("login-link", "login.html", lambda: login("email-link")),
    Sample("login-sms", "login.html", lambda: login("sms-code", "universal")),
    Sample("login-one-field", "login.html", lambda: login("email-code", "sms-code")),
    Sample("login-signed-in", "login.html", lambda: login(signed_in_as=ADDRESS, next="/in/")),
    Sample(
        "login-signed-in-error",
        "login.html",
        lambda: login(data=BAD, signed_in_as=ADDRESS, next="/in/"),
    ),
    Sample(
        "login-reconfirm",
        "login.html",
        lambda: confirm("email-code", "universal", reconfirm=[ANN, PHONE, LONG]),
    ),
    Sample(
        "login-reconfirm-error",
        "login.html",
        lambda: confirm(data=BAD, reconfirm=[ANN]),
    ),
    Sample("login-confirm-universal", "login.html", lambda: confirm("email-code", "universal")),
    Sample(
        "login-sign-in-again",
        "login.html",
        lambda: confirm(sign_in_again_url="/accounts/login/?next=/accounts/identities/add/"),
    ),
    Sample("login-terms", "login.html", lambda: login(form=TermsForm({"identifier": ADDRESS}))),
    Sample("verify", "verify.html", lambda: verify(resend_wait=30)),
    Sample(
        "verify-error",
        "verify.html",
        lambda: verify(form=wrong_code(), tries_left=2, resend_wait=1),
    ),
    Sample(
        "verify-used-up",
        "verify.html",
        lambda: verify(form=wrong_code(error=exc.CodeExhausted), tries_left=0, resend_wait=12),
    ),
    Sample("verify-used-up-later", "verify.html", lambda: verify(tries_left=0)),
    Sample(
        "verify-sms",
        "verify.html",
        lambda: verify(connection="sms", identifier=NUMBER, code_length=4, code_lifetime=90),
    ),
    Sample("verify-long", "verify.html", lambda: verify(identifier=LONG_ADDRESS)),
    Sample(
        "link-sent",
        "link_sent.html",
        lambda: {"identifier": ADDRESS, "resend_wait": 30, "code_instead": True},
    ),
    Sample(
        "link-sent-bare",
        "link_sent.html",
        lambda: {"identifier": ADDRESS, "resend_wait": 0},
    ),
    Sample("link", "link.html", lambda: {"form": LinkForm(), "masked_identifier": None}),
    Sample(
        "link-pending",
        "link.html",
        lambda: {"form": CodeForm(), "masked_identifier": MASKED_ADDRESS},
    ),
    Sample(
        "link-error",
        "link.html",
        lambda: {"form": wrong_code(), "masked_identifier": MASKED_ADDRESS, "tries_left": 1},
    ),
    Sample(
        "link-used-up",
        "link.html",
        lambda: {
            "form": wrong_code(error=exc.CodeExhausted),
            "masked_identifier": MASKED_ADDRESS,
            "tries_left": 0,
            "resend_wait": 5,
        },
    ),
    Sample("link-elsewhere-error", "link.html", lambda: {"form": LinkForm({})}),
    Sample(
        "not-staff",
        "not_staff.html",
        lambda: {"signed_in_as": ADDRESS, "switch_url": "/accounts/login/?next=/admin/"},
    ),
    Sample("problem", "problem.html", problem),
    Sample("problem-limited", "problem.html", lambda: problem(RATE)),
    Sample("problem-soon", "problem.html", lambda: problem(exc.LimitExceeded(25))),
    Sample(
        "problem-universal",
        "problem.html",
        lambda: problem(exc.VerificationRequired(), retry_url=None),
    ),
    Sample(
        "problem-link",
        "problem.html",
        lambda: problem(LINK_PROBLEM, code_instead=True, retry_url="/accounts/sent/"),
    ),
    Sample("problem-link-elsewhere", "problem.html", lambda: problem(LINK_PROBLEM)),
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
    Sample("mfa-sms", "mfa/challenge.html", lambda: text_message(resend_wait=30)),
    Sample(
        "mfa-sms-error",
        "mfa/challenge.html",
        lambda: text_message(form=wrong_code(FactorCodeForm), tries_left=1),
    ),
    Sample(
        "mfa-sms-used-up",
        "mfa/challenge.html",
        lambda: text_message(form=wrong_code(FactorCodeForm), tries_left=0, hint=""),
    ),
    Sample("mfa-sms-nameless", "mfa/challenge.html", lambda: text_message(hint="")),
    Sample("mfa-voice", "mfa/challenge.html", phone_call),
    Sample(
        "mfa-voice-used-up", "mfa/challenge.html", lambda: phone_call(tries_left=0, resend_wait=9)
    ),
    Sample("mfa-voice-nameless", "mfa/challenge.html", lambda: phone_call(hint="")),
    Sample(
        "mfa-otp-used-up",
        "mfa/challenge.html",
        lambda: challenge("otp", form=wrong_code(FactorCodeForm), tries_left=0),
    ),
    Sample("mfa-email", "mfa/challenge.html", lambda: challenge("email", hint=MASKED_MAIL)),
    Sample("mfa-email-nameless", "mfa/challenge.html", lambda: challenge("email")),
    Sample("mfa-recovery", "mfa/challenge.html", lambda: challenge("recovery-code")),
    Sample(
        "mfa-recovery-error",
        "mfa/challenge.html",
        lambda: challenge("recovery-code", form=RecoveryCodeForm({"code": "?"})),
    ),
    Sample(
        "mfa-otp-enroll",
        "mfa/challenge.html",
        lambda: challenge(
            "otp", secret=SECRET, otpauth_url=OTPAUTH_URL, qr_svg=qr_svg(OTPAUTH_URL)
        ),
    ),
    Sample(
        "mfa-otp-enroll-bare",
        "mfa/challenge.html",
        lambda: challenge("otp", secret=SECRET, otpauth_url=OTPAUTH_URL, expires_in=60),
    ),
    Sample(
        "mfa-phone-enroll",
        "mfa/challenge.html",
        lambda: text_message(hint="•••\xa023", resend_wait=30),
    ),
    Sample("mfa-lost-phone", "mfa/challenge.html", lambda: text_message(lost_phone=LOST)),
    Sample(
        "mfa-lost-phone-alone",
        "mfa/push.html",
        lambda: push(lost_phone={**LOST, "has_another_way": False, "recovery_code": None}),
    ),
    Sample(
        "mfa-lost-phone-no-help",
        "mfa/push.html",
        lambda: push(lost_phone={**LOST, "support_url": None}),
    ),
    Sample("mfa-push", "mfa/push.html", push),
    Sample("mfa-push-nameless", "mfa/push.html", lambda: push(hint="", resend_wait=30)),
    Sample(
        "mfa-push-enroll",
        "mfa/push.html",
        lambda: push(hint="", can_resend=False, qr_svg=qr_svg(OTPAUTH_URL)),
    ),
    Sample("mfa-enroll", "mfa/enroll.html", enroll),
    Sample("mfa-enroll-one", "mfa/enroll.html", lambda: enroll("otp")),
    Sample("mfa-enroll-added", "mfa/enroll.html", lambda: enroll() | {"is_added": True}),
    Sample("mfa-enroll-added-one", "mfa/enroll.html", lambda: enroll("otp") | {"is_added": True}),
    Sample("mfa-enroll-phone", "mfa/enroll.html", lambda: enroll("phone")),
    Sample(
        "mfa-enroll-error",
        "mfa/enroll.html",
        lambda: enroll(data={"factor": "phone", "phone_number": "12", "channel": "sms"}),
    ),
    Sample("mfa-enroll-one-error", "mfa/enroll.html", lambda: enroll("otp", data={"factor": "x"})),
    Sample("mfa-enroll-missing", "mfa/enroll.html", lambda: enroll(data={})),
    Sample(
        "mfa-recovery-codes",
        "mfa/recovery_codes.html",
        lambda: {"recovery_codes": CODES, "next": "/in/", **FILE},
    ),
    Sample(
        "mfa-recovery-codes-many",
        "mfa/recovery_codes.html",
        lambda: {"recovery_codes": CODES * 3, "next": "", **FILE},
    ),
    Sample(
        "identities",
        "identities.html",
        lambda: account(
            "identities", identities=[ANN, PHONE, LONG], has_unconfirmed_recovery_codes=True
        ),
    ),
    Sample("identities-one", "identities.html", lambda: {"identities": [NAMELESS]}),
    Sample(
        "identities-removing",
        "identities.html",
        lambda: account("identities", identities=[ANN, PHONE, LONG], removing=LONG),
    ),
    Sample(
        "identities-removing-nameless",
        "identities.html",
        lambda: {"identities": [NAMELESS, PHONE], "removing": NAMELESS},
    ),
    Sample("identities-none", "identities.html", lambda: {"identities": []}),
    Sample(
        "sign-ins",
        "sign_ins.html",
        lambda: account("sign-ins", sign_ins=[LAPTOP, PHONE_APP, UNKNOWN]),
    ),
    Sample("sign-ins-alone", "sign_ins.html", lambda: {"sign_ins": [LAPTOP, UNKNOWN]}),
    Sample("factors", "factors/list.html", factors),
    Sample("factors-one", "factors/list.html", lambda: factors(AUTHENTICATORS[1:2], removable=())),
    Sample("factors-none", "factors/list.html", lambda: factors([])),
    Sample("factors-unknown", "factors/list.html", lambda: factors(authenticators=None)),
    Sample(
        "factors-unconfirmed-codes",
        "factors/list.html",
        lambda: factors(has_unconfirmed_recovery_codes=True, can_add=False),
    ),
    Sample(
        "factors-step-up",
        "factors/list.html",
        lambda: factors(
            authenticators=None, expires_in=None, step_up_url="/accounts/universal/?factors=1"
        ),
    ),
    Sample(
        "factor-remove",
        "factors/remove.html",
        lambda: account("factors", authenticator=AUTHENTICATORS[1]),
    ),
    Sample(
        "factor-remove-pair",
        "factors/remove.html",
        lambda: {"authenticator": AUTHENTICATORS[2], "goes_along": AUTHENTICATORS[3]},
    ),
    Sample(
        "factor-remove-push",
        "factors/remove.html",
        lambda: {"authenticator": AUTHENTICATORS[0], "goes_along": AUTHENTICATORS[1]},
    ),
    Sample(
        "factor-remove-code", "factors/remove.html", lambda: {"authenticator": AUTHENTICATORS[5]}
    ),
    Sample("sign-ins-one", "sign_ins.html", lambda: {"sign_ins": [LAPTOP]}),
    Sample("identity-add", "identity_add.html", add),
    Sample("identity-add-error", "identity_add.html", lambda: add(BAD)),
]
