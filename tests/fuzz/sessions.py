"""The states that a session can be in, each reached the way a person reaches it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import NUMBER, Browser
from tests.journeys.faults.comings import (
    Come,
    add,
    ask,
    by,
    enrolled,
    enrolling,
    nothing,
    prove_first,
    sign_in,
)
from tests.journeys.faults.visitor import Visitor

EVERYTHING = ("otp", "sms", "push-notification", "recovery-code")
PHONE = {"factor": "phone", "phone_number": NUMBER, "channel": "sms"}


class StillSite:
    """The site, which nothing happens to meanwhile."""

    def wait(self, seconds: float) -> None: ...

    def restart(self) -> None: ...

    def lose_cache(self) -> None: ...


def in_state(state: str, tenant: LocalTenant, **options: Any) -> Visitor:
    """Return somebody whose session is in this state, with an address of their own."""
    visitor = Visitor(tenant, StillSite(), **options)
    visitor.identifier = f"{state.replace('_', '.')}@example.com"
    STATES[state](visitor)
    return visitor


def leave_for_auth0(visitor: Visitor) -> None:
    visitor.get("universal", next=visitor.target)


def save_codes(visitor: Visitor) -> None:
    """Enroll an authenticator app, which brings recovery codes."""
    enrolled(factor="otp")(visitor)
    visitor.post("mfa_challenge", code=visitor.tenant.totp(visitor.account))
    assert visitor.user_id is not None


def confirm(visitor: Visitor) -> None:
    sign_in(visitor)
    visitor.target = "/accounts/identities/"
    assert visitor.confirm().status_code == 302


def log_out(visitor: Visitor) -> None:
    """Leave Auth0's own session to be ended."""
    sign_in(visitor)
    session = visitor.client.session
    session["_pwdless_login"] = {**session["_pwdless_login"], "method": "universal"}
    session.save()
    assert visitor.post("logout", next="/in/").status_code == 302


STATES: dict[str, Come] = {
    "anonymous": nothing,
    "code": ask,
    "text": by("sms-code", ask),
    "link": by("email-link", ask),
    "universal": leave_for_auth0,
    "choice": prove_first(*EVERYTHING),
    "app": prove_first(*EVERYTHING, wants="totp"),
    "sms": prove_first(*EVERYTHING, wants="sms"),
    "push": prove_first(*EVERYTHING, wants="push"),
    "recovery": prove_first(*EVERYTHING, wants="recovery-code"),
    "enroll": enrolling(factor="otp"),
    "enroll_app": enrolled(factor="otp"),
    "enroll_phone": enrolled(**PHONE),
    "enroll_push": enrolled(factor="push-notification"),
    "codes_to_save": save_codes,
    "signed_in": sign_in,
    "adding": add,
    "confirming": confirm,
    "logging_out": log_out,
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
