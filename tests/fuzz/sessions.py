"""The states that a session can be in, each reached the way a person reaches it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import Browser

NUMBER = "+4915123456789"


def prepare(browser: Browser, state: str) -> None:
    """Lead a fresh browser into a state."""
    address = f"{state.replace('_', '.')}@example.com"
    person = PEOPLE.get(state)
    if person is not None:
        browser.tenant.add_person(address, phone_number=NUMBER, **person)
    STATES[state](browser, address)


def prove(browser: Browser, address: str) -> None:
    """Type the first factor's code, of somebody who is asked for a second."""
    browser.ask(address, method="email-code", next="/in/")
    assert browser.answer().status_code == 302
    assert browser.user_id is None


def choose(browser: Browser, address: str, prefix: str) -> None:
    prove(browser, address)
    choices = browser.get("mfa").context["authenticators"]
    (found,) = (choice.id for choice in choices if choice.id.startswith(f"{prefix}|"))
    assert browser.post("mfa", authenticator=found).status_code == 302


def enroll(browser: Browser, address: str, **fields: str) -> None:
    prove(browser, address)
    assert browser.post("mfa_enroll", **fields).status_code == 302


def sign_in(browser: Browser, address: str) -> None:
    browser.sign_in(address, method="email-code")
    assert browser.user_id is not None


def save_codes(browser: Browser, address: str) -> None:
    """Enroll an authenticator app, which brings recovery codes."""
    enroll(browser, address, factor="otp")
    (person,) = (one for one in browser.tenant.state.people if one.email == address)
    browser.post("mfa_challenge", code=browser.tenant.totp(person))
    assert browser.user_id is not None


def add(browser: Browser, address: str) -> None:
    sign_in(browser, address)
    assert browser.post("identity_add", identifier=f"other.{address}").status_code == 302


def confirm(browser: Browser, address: str) -> None:
    sign_in(browser, address)
    page = browser.get("login", next="/accounts/identities/", confirm="1")
    assert browser.post("login", reconfirm=page.context["reconfirm"][0].pk).status_code == 302


def log_out(browser: Browser, address: str) -> None:
    """Leave Auth0's own session to be ended."""
    sign_in(browser, address)
    session = browser.client.session
    session["_pwdless_login"] = {**session["_pwdless_login"], "method": "universal"}
    session.save()
    assert browser.post("logout", next="/in/").status_code == 302


STATES: dict[str, Callable[[Browser, str], Any]] = {
    "anonymous": lambda browser, address: None,
    "code": lambda browser, address: browser.ask(address, method="email-code", next="/in/"),
    "text": lambda browser, address: browser.ask(NUMBER),
    "link": lambda browser, address: browser.ask(address, method="email-link"),
    "universal": lambda browser, address: browser.get("universal", next="/in/"),
    "choice": prove,
    "app": lambda browser, address: choose(browser, address, "totp"),
    "sms": lambda browser, address: choose(browser, address, "sms"),
    "push": lambda browser, address: choose(browser, address, "push"),
    "recovery": lambda browser, address: choose(browser, address, "recovery-code"),
    "enroll": prove,
    "enroll_app": lambda browser, address: enroll(browser, address, factor="otp"),
    "enroll_phone": lambda browser, address: enroll(
        browser, address, factor="phone", phone_number=NUMBER
    ),
    "enroll_push": lambda browser, address: enroll(browser, address, factor="push-notification"),
    "codes_to_save": save_codes,
    "signed_in": sign_in,
    "adding": add,
    "confirming": confirm,
    "logging_out": log_out,
}
NOTHING = {"mfa": "enroll"}
EVERYTHING = {"factors": ["otp", "sms", "push-notification", "recovery-code"]}
PEOPLE: dict[str, dict[str, Any]] = {
    **dict.fromkeys(["choice", "app", "sms", "push", "recovery"], EVERYTHING),
    **dict.fromkeys(
        ["enroll", "enroll_app", "enroll_phone", "enroll_push", "codes_to_save"], NOTHING
    ),
}


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo what an example does to database and cache."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


def stored(browser: Browser) -> dict[str, Any]:
    """What the session of the browser's cookie holds; nothing where there is none."""
    key = browser.session_key
    return dict(_engine().SessionStore(key).items()) if key else {}


def _engine() -> Any:
    return import_module(settings.SESSION_ENGINE)


def copied(browser: Browser, tenant: LocalTenant) -> Browser:
    """Another browser with the same cookies."""
    other = Browser(tenant)
    other.client.cookies = copy.deepcopy(browser.client.cookies)
    return other
