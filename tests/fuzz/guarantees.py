"""What no request may do, whoever sends it: seen from one moment before it and one after."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth import SESSION_KEY, get_user_model

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity, SignIn
from django_pwdless.session.login_record import LOGIN_KEY, RECOVERY_KEY, SIGN_IN_KEY
from django_pwdless.session.pending_login import FACTOR_ADD, PENDING_KEY
from django_pwdless.session.redirect_states import STATES_KEY
from django_pwdless.session.stored import unseal
from tests.journeys.browser import ASSOCIATE, CHALLENGE, KEYS, LIST, START, TOKEN, Browser

from .proofs import secrets_of
from .sessions import stored

REVOKE, DELETE = "/oauth/revoke", f"{LIST}/..."
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
    "logout": {REVOKE},
    "sign_in_end": {REVOKE},
    "factors_refresh": {LIST},
    "factor_add": {LIST, DELETE, ASSOCIATE},
    "factor_remove": {LIST, DELETE},
    "token": {TOKEN, KEYS},
}
# Where a GET may call it, too.
CALLING = {"callback", "token"}
# What is called twice, before and after the change; or once for each that was left over.
REPEATED = {"factor_remove": {LIST}, "factor_add": {DELETE}}
# How a token begins.
TOKENS = ("eyJhbGci", "eyJ0eXAi", "eyJraWQi")
# Where a secret of the person's own may be seen.
OWN_PAGES = {"app": {"mfa_challenge"}, "recovery": {"recovery_codes"}}
# In JSON, the state and the answer that reaches a step: also the one that comes back to it, with
# another address added while codes are still to be saved.
OWN_JSON = {
    "app": {"state", "mfa_enroll"},
    "recovery": {"state", "mfa_challenge", "mfa_poll", "verify"},
}


@dataclass
class Moment:
    """What there is before or after a request of one browser."""

    key: str | None
    session: dict[str, Any]
    owners: dict[str, int]
    calls: int
    messages: int
    is_broken: bool
    rows: dict[int, int]
    factors: dict[str, str]
    active: set[str]
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
            rows=dict(SignIn.objects.values_list("pk", "user_id")),
            factors={
                item.id: person.sub
                for person in tenant.state.people
                for item in person.factors
                if item.active and item.factor != "recovery-code"
            },
            active={str(pk) for pk in _users().filter(is_active=True).values_list("pk", flat=True)},
        )

    def without_session(self) -> Moment:
        """The same moment for a browser that nobody knows."""
        return replace(self, key=None, session={})

    @property
    def user(self) -> str | None:
        """Who is signed in."""
        return None if self.is_over else self.session.get(SESSION_KEY)

    @property
    def entry_pk(self) -> int | None:
        """The row of its sign-in."""
        entry = self.session.get(SIGN_IN_KEY)
        return entry["id"] if entry else None

    @property
    def is_over(self) -> bool:
        """Whether who was signed in is so no more, and the session does not know it yet."""
        if SESSION_KEY not in self.session:
            return False
        is_ended = self.entry_pk is not None and self.entry_pk not in self.rows
        return is_ended or self.session[SESSION_KEY] not in self.active

    @property
    def record(self) -> Any:
        return self.session.get(LOGIN_KEY)

    @property
    def pending(self) -> dict[str, Any]:
        return unseal(self.session.get(PENDING_KEY)) or {}

    @property
    def is_asked_for_second(self) -> bool:
        return bool(self.pending.get("mfa")) and self.pending["kind"] != FACTOR_ADD

    @property
    def has_nothing_begun(self) -> bool:
        return not {PENDING_KEY, STATES_KEY} & self.session.keys()


def _users() -> Any:
    return get_user_model()._default_manager


def check_calls(tenant: LocalTenant, before: Moment, *, name: str, method: str) -> None:
    """Auth0 is called where the contract says so, each endpoint once; one message at most."""
    paths = [
        DELETE if call.path.startswith(f"{LIST}/") else call.path
        for call in tenant.requests[before.calls :]
    ]
    may_call = method in ("POST", "DELETE") or name in CALLING
    assert set(paths) <= (CALLS.get(name, set()) if may_call else set()), paths
    once = [path for path in paths if path not in REPEATED.get(name, ())]
    assert len(once) == len(set(once)), paths
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


def check_secrets(
    tenant: LocalTenant, before: Moment, answer: Any, name: str, *, is_json: bool = False
) -> None:
    """No secret reaches the browser, but its owner's own on the page that is for it."""
    text = answer.content.decode() + str(answer.headers) + str(answer.cookies)
    for kind, secrets in secrets_of(tenant).items():
        shown = [secret for secret in secrets if secret in text]
        assert not shown or name in (OWN_JSON if is_json else OWN_PAGES).get(kind, ()), kind
        if shown and is_json and kind == "recovery":
            assert answer.json()["step"] == "recovery_codes"
            # Whoever has just typed a first code had them before.
            assert name != "verify" or RECOVERY_KEY in before.session
    assert not [start for start in TOKENS if start in text]
