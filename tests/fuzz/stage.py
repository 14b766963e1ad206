"""Where people act: a site, its tenant, a clock, two browsers, an app, and a witness of it all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from django.test import TestCase
from django.urls import reverse
from hypothesis.stateful import RuleBasedStateMachine

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.people.totp import step_at
from django_pwdless.models import Identity
from tests.clocks import NOON
from tests.journeys.browser import Browser

from .clients import App, speak
from .guarantees import Moment
from .proofs import own_codes
from .witness import Witness

PEOPLE: dict[str, dict[str, Any]] = {
    "ann@example.com": {},
    "ben@example.com": {},
    "mia@example.com": {"factors": ["otp", "sms", "recovery-code"], "phone_number": "+12025550100"},
    "paula@example.com": {"factors": ["push-notification", "recovery-code"]},
    "carl@example.com": {"factors": ["push-notification", "email"], "mfa_steps": 2},
    "emil@example.com": {"factors": ["email"]},
    "nora@example.com": {"mfa": "enroll"},
    "dan@example.com": {"denied": True},
    "bea@example.com": {"blocked": True},
}

FAULTS = [
    *("server_error", "bad_gateway_html", "rate_limited", "garbage", "reset", "empty", "null"),
    *("list", "wrong_types", "redirect", "closed_within_body", "rate_limited_html", "", "", ""),
]


class Stage(RuleBasedStateMachine):
    """What every act needs; the rules are in a subclass."""

    tenant: ClassVar[LocalTenant]
    clock: ClassVar[Any]

    def set_up(self) -> None:
        """Begin with a site that nobody has used, and people who have accounts at the tenant."""
        self.stack = ExitStack()
        block: Any = transaction.atomic()
        # As a TestCase's: what may not run inside of a transaction runs here.
        block._from_testcase = True
        self.stack.enter_context(block)
        cache.clear()
        self.clock.move_to(NOON, tick=False)
        self.tenant.reset()
        self.tenant.switches.brute_force_limit = 0
        self.tenant.switches.mfa_limits = False
        for address, traits in PEOPLE.items():
            self.tenant.add_person(address, **traits)
        get_user_model().objects.create_user("local", "local@example.com", "password")
        self.witness = Witness(self.tenant)
        self.witness.records.begin()
        self.stack.callback(self.witness.records.end)
        self.browsers = [Browser(self.tenant), Browser(self.tenant), App(self.tenant)]

    def teardown(self) -> None:
        """Take everything back."""
        if hasattr(self, "stack"):
            transaction.set_rollback(True)
            self.stack.close()

    def open(self, at: int, name: str, **query: str) -> Any:
        """Open a page."""
        url = reverse(f"pwdless:{name}")
        return self.watch(at, name, "GET", lambda client: client.get(url, query))

    def send(self, at: int, name: str, **fields: str) -> Any:
        """Send a form."""
        url = reverse(f"pwdless:{name}")
        return self.watch(at, name, "POST", lambda client: client.post(url, fields), fields)

    def come_back(self, at: int, target: str) -> Any:
        """Come back from Auth0."""
        return self.watch(at, "callback", "GET", lambda client: client.get(target), target=target)

    def speak(self, at: int, name: str, method: str, path: str, /, **members: Any) -> Any:
        """Send an operation of the JSON, of whose kind the page of this name is."""
        act = lambda client: speak(self.browsers[at], method, path, members)  # noqa: E731
        return self.watch(at, name, method, act, members, is_json=True)

    def watch(
        self,
        at: int,
        name: str,
        method: str,
        act: Callable[[Any], Any],
        fields: dict[str, str] | None = None,
        target: str = "",
        is_json: bool = False,
    ) -> Any:
        """Do something that is a request, before the eyes of the witness."""
        self.clock.shift(0.5)
        deed = self.witness.deed(name, method, fields or {}, target, is_json)
        before = self.look(at)
        with TestCase.captureOnCommitCallbacks(execute=True):
            answer = act(self.browsers[at].client)
        self.witness.settle(self.browsers[at], before, deed, answer)
        return answer

    def look(self, at: int) -> Moment:
        return Moment.of(self.tenant, self.browsers[at])

    def code_for(self, identifier: str, which: str) -> str:
        """A code from somebody's messages: the newest or an older one, or one that is off."""
        codes = [it.code for it in self.tenant.inbox.messages(identifier) if it.code]
        if not codes or which == "none":
            return "000000"
        code = codes[-1] if which != "old" else codes[0]
        return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}" if which == "wrong" else code

    def factor_code(self, who: str, factor: str) -> str:
        """A code of somebody's second factor; a wrong one where there is none."""
        codes = own_codes(self.tenant, who, factor)
        return codes[-1] if codes else "00000000"

    def answer_rightly(self, at: int, who: str, factor: str) -> None:
        """A right answer in time leads on: to the end, or to the next factor."""
        has_code = bool(own_codes(self.tenant, who, factor))
        is_used = factor == "otp" and self.has_used_app(who)
        before = self.look(at)
        answer = self.send(at, "mfa_challenge", code=self.factor_code(who, factor))
        if has_code and not is_used and not before.is_broken:
            assert self.look(at).key != before.key or answer.status_code in (403, 429)

    def has_used_app(self, who: str) -> bool:
        """An app's code works once; the next one comes within half a minute."""
        step = step_at(self.tenant.clock.now())
        person = self.tenant.state.people.find("email", who)
        return any(item.used_step >= step - 1 for item in (person.factors if person else ()))

    def some_identity(self, number: int) -> int:
        """The primary key of anybody's identity."""
        pks = sorted(Identity.objects.values_list("pk", flat=True))
        return pks[number % len(pks)] if pks else number
