"""What no request may do, whoever sends it: seen from one moment before it and one after."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from django_pwdless.session.login_record import LOGIN_KEY
from django_pwdless.session.pending_login import PENDING_KEY
from django_pwdless.session.redirect_states import STATES_KEY
from django_pwdless.session.stored import unseal
from tests.journeys.browser import ASSOCIATE, CHALLENGE, KEYS, LIST, START, TOKEN, Browser

from .proofs import secrets_of
from .sessions import stored

PROVING = {TOKEN, KEYS, LIST, CHALLENGE}
# Which calls a page may make, each once; no other page makes any.
CALLS = {
    "login": {START},
    "resend": {START, CHALLENGE, ASSOCIATE},
    "verify": PROVING,
    "link": PROVING,
    "callback": PROVING - {CHALLENGE},
    "mfa": {LIST, CHALLENGE},
    "mfa_challenge": PROVING,
    "mfa_poll": PROVING,
    "mfa_enroll": {ASSOCIATE, LIST, CHALLENGE},
    "identity_add": {START},
}
# How a token begins.
TOKENS = ("eyJhbGci", "eyJ0eXAi", "eyJraWQi")
# Where a secret of the person's own may be seen.
OWN_PAGES = {"app": "mfa_challenge", "recovery": "recovery_codes"}


@dataclass
class Moment:
    """What there is before or after a request of one browser."""

    key: str | None
    session: dict[str, Any]
    owners: dict[str, int]
    calls: int
    messages: int
    is_broken: bool
    at: float = field(default_factory=time.time)

    @classmethod
    def of(cls, tenant: LocalTenant, browser: Browser) -> Moment:
        """Look around."""
        return cls(
            key=browser.session_key,
            session=stored(browser),
            owners={item.subject: item.user_id for item in Identity.objects.all()},
            calls=len(tenant.requests),
            messages=len(tenant.inbox.messages()),
            is_broken=bool(tenant.state.faults.armed()),
        )

    @property
    def user(self) -> str | None:
        return self.session.get("_auth_user_id")

    @property
    def record(self) -> Any:
        return self.session.get(LOGIN_KEY)

    @property
    def pending(self) -> dict[str, Any]:
        return unseal(self.session.get(PENDING_KEY)) or {}

    @property
    def is_asked_for_second(self) -> bool:
        return bool(self.pending.get("mfa"))

    @property
    def has_nothing_begun(self) -> bool:
        return not {PENDING_KEY, STATES_KEY} & self.session.keys()


def check_calls(tenant: LocalTenant, before: Moment, *, name: str, method: str) -> None:
    """Auth0 is called where the contract says so, each endpoint once; one message at most."""
    paths = [call.path for call in tenant.requests[before.calls :]]
    may_call = method == "POST" or name == "callback"
    assert set(paths) <= (CALLS.get(name, set()) if may_call else set()), paths
    assert len(paths) == len(set(paths)), paths
    sent = tenant.inbox.messages()[before.messages :]
    assert len(sent) <= (1 if method == "POST" else 0)


def check_session(tenant: LocalTenant, after: Moment) -> None:
    """What is stored is bounded and storable, and holds no secret in the clear."""
    states = unseal(after.session.get(STATES_KEY))
    kinds = [state["kind"] for state in states] if isinstance(states, list) else []
    assert kinds.count("link") <= 2 and kinds.count("universal") <= 3
    text = json.dumps(after.session, allow_nan=False, ensure_ascii=False)
    text.encode()
    for kind, secrets in secrets_of(tenant).items():
        assert not [secret for secret in secrets if secret in text], kind
    assert not [start for start in TOKENS if start in text]


def check_secrets(tenant: LocalTenant, answer: Any, name: str) -> None:
    """No secret reaches the browser, but its owner's own on the page that is for it."""
    text = answer.content.decode() + str(answer.headers) + str(answer.cookies)
    for kind, secrets in secrets_of(tenant).items():
        shown = [secret for secret in secrets if secret in text]
        assert not shown or OWN_PAGES.get(kind) == name, kind
    assert not [start for start in TOKENS if start in text]
