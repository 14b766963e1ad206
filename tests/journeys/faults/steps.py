"""Every step at which the app calls Auth0, and how somebody comes to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django_pwdless.localtenant.answers.documented_errors import ERROR_TABLES
from django_pwdless.localtenant.answers.refusals import ErrorRow
from tests.journeys.browser import ANN, ASSOCIATE, CHALLENGE, KEYS, LIST, NUMBER, START, TOKEN

from .comings import (
    Come,
    add,
    ask,
    asked_elsewhere,
    asked_with,
    by,
    enrolled,
    enrolling,
    grow_old,
    link_pressed,
    link_pressed_with,
    logged_in_there,
    new_key,
    no_keys,
    nothing,
    polling,
    prove_first,
    reconfirmed,
    sign_in,
    stale_keys,
)
from .visitor import Visitor

Act = Callable[[Visitor], Any]


@dataclass(frozen=True)
class Step:
    """One request to the site in which it calls ``endpoint`` once.

    ``kind`` is what the rules go by. ``come`` leads the visitor to it, ``act`` is the request.
    ``verifies`` where the answer brings an ID token in a way of its own; ``nonce`` where one was
    sent for it. ``repeats`` where it can be taken again from where it failed; ``is_first`` where
    the way on from there leads by the first page; ``keys`` is what the site has of the tenant's;
    ``lists`` is how often it may read the second factors.
    """

    name: str
    endpoint: str
    kind: str
    come: Come
    act: Act
    verifies: bool = False
    nonce: bool = False
    repeats: bool = True
    is_first: bool = False
    keys: str = ""
    lists: int = 1

    @property
    def rows(self) -> Mapping[str, ErrorRow]:
        """The error table of its endpoint; one authenticator has that of the list it is in."""
        collection = self.endpoint.rpartition("/")[0]
        return ERROR_TABLES.get(self.endpoint) or ERROR_TABLES.get(collection, {})

    @property
    def is_alone(self) -> bool:
        """Whether no other endpoint is called before this one in the request."""
        return self.lists == 1 and (self.repeats or self.endpoint == TOKEN)

    @property
    def spends_login(self) -> bool:
        """Whether the pending login is over with what it spends: a second factor's mfa_token."""
        return self.kind in ("mfa_code", "poll", "poll_by_button")

    @property
    def does_work(self) -> bool:
        """Whether the endpoint sends or spends something."""
        return self.endpoint not in (LIST, KEYS)


def answer(visitor: Visitor) -> Any:
    return visitor.answer()


def answer_on_link_page(visitor: Visitor) -> Any:
    return visitor.post("link", code=visitor.code)


def answer_elsewhere(visitor: Visitor) -> Any:
    return visitor.post("link", identifier=ANN, code=visitor.code)


def resend(visitor: Visitor) -> Any:
    return visitor.post("resend")


def code_instead(visitor: Visitor) -> Any:
    return visitor.post("resend", method="email-code")


def come_back(visitor: Visitor) -> Any:
    return visitor.client.get(visitor.returns_to)


def choose(visitor: Visitor) -> Any:
    return visitor.post("mfa", authenticator=visitor.account.factor("sms").id)


def list_again(visitor: Visitor) -> Any:
    return visitor.post("mfa")


def prove_by_app(visitor: Visitor) -> Any:
    return visitor.post("mfa_challenge", code=visitor.tenant.totp(visitor.account))


def prove_by_message(visitor: Visitor) -> Any:
    return visitor.post("mfa_challenge", code=visitor.tenant.inbox.latest().code)


def prove_by_recovery_code(visitor: Visitor) -> Any:
    return visitor.post("mfa_challenge", code=visitor.account.recovery_code)


PUSH = {"factor": "push-notification"}
PHONE = {"factor": "phone", "phone_number": NUMBER, "channel": "sms"}
BY_LINK = by("email-link", ask)

RECOVERY = prove_first("sms", "recovery-code", wants="recovery-code")

STEPS = [
    Step("login", START, "start", nothing, Visitor.begin, is_first=True),
    Step("login_link", START, "start", by("email-link"), Visitor.begin, is_first=True),
    Step("login_sms", START, "start", by("sms-code"), Visitor.begin, is_first=True),
    Step("resend", START, "resend", ask, resend),
    Step("resend_link", START, "resend", BY_LINK, resend),
    Step("code_instead", START, "resend", BY_LINK, code_instead),
    Step("identity_add", START, "start", sign_in, Visitor.add, is_first=True),
    Step("reconfirm", START, "resend", grow_old, Visitor.confirm, is_first=True),
    Step("verify", TOKEN, "code", ask, answer, verifies=True),
    Step("verify_sms", TOKEN, "code", by("sms-code", ask), answer),
    Step("verify_added", TOKEN, "code", add, answer),
    Step("verify_reconfirmed", TOKEN, "code", reconfirmed, answer),
    Step("link_page", TOKEN, "code", ask, answer_on_link_page, is_first=True),
    Step("link_page_elsewhere", TOKEN, "code", asked_elsewhere, answer_elsewhere, is_first=True),
    Step(
        *("callback_link", TOKEN, "callback", by("email-link", link_pressed), come_back),
        **{"verifies": True, "nonce": True, "repeats": False},
    ),
    Step(
        *("callback_universal", TOKEN, "callback", logged_in_there, come_back),
        **{"verifies": True, "nonce": True, "repeats": False, "is_first": True},
    ),
    Step("mfa_app", TOKEN, "mfa_code", prove_first("otp"), prove_by_app, verifies=True),
    Step("mfa_sms", TOKEN, "mfa_code", prove_first("sms"), prove_by_message),
    Step("mfa_email", TOKEN, "mfa_code", prove_first("email"), prove_by_message),
    Step("mfa_recovery", TOKEN, "mfa_code", RECOVERY, prove_by_recovery_code),
    Step("mfa_enrolled", TOKEN, "mfa_code", enrolled(factor="otp"), prove_by_app),
    Step("poll", TOKEN, "poll", polling(in_json=True), Visitor.poll, verifies=True),
    Step("poll_by_button", TOKEN, "poll_by_button", polling(in_json=False), Visitor.poll),
    Step("list", LIST, "list", asked_with("sms"), answer, repeats=False),
    Step(
        *("list_callback", LIST, "list"),
        *(by("email-link", link_pressed_with("sms")), come_back),
        repeats=False,
    ),
    Step("list_again", LIST, "list", prove_first("otp", "sms"), list_again),
    Step("challenge", CHALLENGE, "challenge", asked_with("sms"), answer, repeats=False),
    Step("choose", CHALLENGE, "choose", prove_first("otp", "sms"), choose),
    Step("mfa_resend", CHALLENGE, "choose", prove_first("sms"), resend),
    Step("enroll_app", ASSOCIATE, "enroll", enrolling(factor="otp"), Visitor.enroll),
    Step("enroll_phone", ASSOCIATE, "enroll", enrolling(**PHONE), Visitor.enroll),
    Step("enroll_push", ASSOCIATE, "enroll", enrolling(**PUSH), Visitor.enroll),
    Step("enroll_resend", ASSOCIATE, "enroll_resend", enrolled(**PHONE), resend),
]
_BY_NAME = {step.name: step for step in STEPS}


def _about_keys(name: str, keys: str, has: Callable[[Come], Come]) -> Step:
    step = _BY_NAME[name]
    # Without any nothing is spent; that one is missing shows only in what a code has brought.
    repeats = keys == "no_keys"
    return Step(
        *(f"{name}_{keys}", KEYS, step.kind, has(step.come), step.act),
        keys=keys,
        repeats=repeats,
        is_first=step.is_first,
    )


_PROOFS = ("verify", "callback_link", "mfa_app", "mfa_recovery", "poll")
STEPS += [
    *(_about_keys(name, "no_keys", no_keys) for name in (*_PROOFS, "verify_added")),
    *(_about_keys(name, "stale_keys", stale_keys) for name in _PROOFS),
    *(_about_keys(name, "new_key", new_key) for name in ("verify", "callback_link", "poll")),
]
