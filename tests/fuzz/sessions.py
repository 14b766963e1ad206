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
from django_pwdless.models import SignIn
from django_pwdless.session.login_record import LOGIN_KEY, SIGN_IN_KEY
from django_pwdless.session.stored import seal
from tests.journeys.browser import NUMBER, Browser
from tests.journeys.faults import own_factors
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
    visitor.identifier = address_of(state)
    STATES[state](visitor)
    return visitor


def address_of(state: str) -> str:
    return f"{state.replace('_', '.')}@example.com"


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


def grow_old(visitor: Visitor) -> None:
    """Have signed in an hour ago."""
    sign_in(visitor)
    change(visitor, LOGIN_KEY, lambda record: {**record, "at": record["at"] - 3600})


def leave_to_step_up(visitor: Visitor) -> None:
    sign_in(visitor)
    visitor.get("universal", mfa="1", next=visitor.target)


def leave_to_prove(visitor: Visitor) -> None:
    """Be on the way to change second factors."""
    own_factors.signed_in(visitor)
    visitor.client.get(visitor.get("factors").context["step_up_url"])


def end_elsewhere(visitor: Visitor) -> None:
    sign_in(visitor)
    SignIn.objects.filter(pk=visitor.client.session[SIGN_IN_KEY]["id"]).delete()


def update_site(visitor: Visitor) -> None:
    """Have a session whose values another version of the app has written."""
    add(visitor)
    leave_for_auth0(visitor)
    kept = [key for key, _value in visitor.client.session.items() if key.startswith("_pwdless")]
    # Without what it reads there, the site ends a sign-in.
    for key in set(kept) - {SIGN_IN_KEY}:
        change(visitor, key, lambda value: seal({"unheard": [value]}))


def change(visitor: Visitor, key: str, how: Callable[[Any], Any]) -> None:
    session = visitor.client.session
    session[key] = how(session[key])
    session.save()


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
    "stale": grow_old,
    "stepping_up": leave_to_step_up,
    "proving": leave_to_prove,
    "factors": own_factors.proven,
    "factor_app": own_factors.begun(factor="otp"),
    "factor_phone": own_factors.begun(**PHONE),
    "factor_push": own_factors.begun(factor="push-notification"),
    "ended": end_elsewhere,
    "another_version": update_site,
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
