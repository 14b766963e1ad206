"""Several people, one of them hostile, share browsers and go through all steps in any order."""

from __future__ import annotations

import copy
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.people.people import subject
from tests.journeys.browser import ASSOCIATE, CHALLENGE, LIST, NUMBER, START, TOKEN
from tests.journeys.hosted import log_in_hosted, press

from .account_rules import HOSTED, AccountRules
from .deeds import Return
from .effort import examples
from .json_rules import FACTORS, JsonRules, anybody, people
from .stage import FAULTS
from .submissions import SUBMISSIONS, Submission

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Generating overly large")]

PATHS = [START, TOKEN, LIST, CHALLENGE, ASSOCIATE]
PAGES = ["login", "verify", "link_sent", "link", "mfa", "mfa_challenge", "mfa_enroll", "logged_out"]
PAGES += ["recovery_codes", "identities", "identity_add", "sign_ins", "factors", "factor_add"]

browsers = st.sampled_from([0, 0, 0, 1])


class People(JsonRules, AccountRules):
    """Each rule is something that people do; the witness looks at each request."""

    @initialize(is_early=st.booleans())
    def begin(self, is_early: bool) -> None:
        self.set_up()
        if not is_early:
            self.sign_in(1, "ben@example.com", 0)
            self.sign_in(0, "ann@example.com", 0)
            self.add_what_is_ones_own(0, NUMBER)

    # The right way

    @rule(at=browsers, who=anybody, number=st.integers(0, 3))
    def sign_in(self, at: int, who: str, number: int) -> None:
        """Ask, and do what is asked for."""
        self.send(at, "login", identifier=who, method="email-code", next="/in/")
        for _ in range(4):
            if self.look(at).pending:
                self.go_on(at, number)

    @rule(at=browsers, number=st.integers(0, 3))
    def go_on(self, at: int, number: int) -> None:
        """Do the next thing that the pending login waits for."""
        pending = self.look(at).pending
        who = pending.get("identifier", "")
        if not pending:
            self.open(at, "recovery_codes")
            self.send(at, "recovery_codes")
        elif pending["mfa"]:
            self.go_on_with_second(at, who, number)
        elif pending["method"] == "email-link":
            self.press_link(at, who)
        else:
            self.send(at, "verify", code=self.code_for(who, "new"))

    def go_on_with_second(self, at: int, who: str, number: int) -> None:
        page = self.open(at, "mfa_challenge")
        if page.status_code == 200 and "mfa/push.html" in page.templates[0].name:
            self.press_push(True)
            self.poll(at, "application/json")
        elif page.status_code == 200:
            self.answer_rightly(at, who, page.context["factor"])
        elif self.open(at, "mfa").status_code == 200:
            self.choose(at, number)
        else:
            self.enroll(at, FACTORS[number % 3])

    @rule(at=browsers, who=anybody)
    def add_what_is_ones_own(self, at: int, who: str) -> None:
        self.send(at, "identity_add", identifier=who)
        self.go_on(at, 0)

    @rule(at=browsers, number=st.integers(0, 5), is_late=st.booleans())
    def confirm_and_remove(self, at: int, number: int, is_late: bool) -> None:
        """Only a fresh proof lets anybody remove something."""
        pk = self.some_identity(number)
        self.send(at, "login", reconfirm=str(pk), next="/accounts/identities/")
        self.go_on(at, number)
        self.clock.shift(601 if is_late else 1)
        self.remove_identity(at, number + 1)
        self.remove_identity(at, number)

    # The first factor

    @rule(at=browsers, who=anybody, method=st.sampled_from(["email-code", "email-link", ""]))
    def ask(self, at: int, who: str, method: str) -> None:
        self.send(at, "login", identifier=who, method=method, next="/in/")

    @rule(at=browsers, method=st.sampled_from(["", "email-code"]))
    def ask_again(self, at: int, method: str) -> None:
        self.send(at, "resend", method=method)

    @rule(at=browsers, who=anybody, which=st.sampled_from(["new", "new", "old", "wrong", "none"]))
    def type_code(self, at: int, who: str, which: str) -> None:
        self.send(at, "verify", code=self.code_for(who, which))

    @rule(at=browsers, who=people, owner=people)
    def type_code_anywhere(self, at: int, who: str, owner: str) -> None:
        self.send(at, "link", identifier=who, code=self.code_for(owner, "new"))

    # Ways over Auth0

    @rule(at=browsers, who=people)
    def press_link(self, at: int, who: str) -> None:
        links = [it for it in self.tenant.inbox.messages(who) if it.link]
        if not links or self.tenant.state.faults.armed():
            return
        back = press(self.tenant, str(links[-1].link))
        line = self.witness.message_lines.get(links[-1].number)
        if "code=" in back:
            self.witness.returns[back] = Return(subject("email", who), line)
        self.come_back(at, back)

    @rule(at=browsers, came_from=browsers, who=st.sampled_from(HOSTED), mfa=st.sampled_from("01"))
    def go_by_universal_login(self, at: int, came_from: int, who: str, mfa: str) -> None:
        answer = self.open(came_from, "universal", mfa=mfa, next="/in/")
        if self.tenant.state.faults.armed():
            return
        line = self.witness.known(self.browsers[came_from].session_key).line
        back = log_in_hosted(self.tenant, answer["Location"], who)
        self.witness.returns[back] = Return(subject("email", who), line, is_whole=True)
        self.come_back(at, back)
        self.come_back(at, back)

    # The second factor

    @rule(at=browsers, number=st.integers(0, 5))
    def choose(self, at: int, number: int) -> None:
        """Choose one of the list, somebody else's, or have it listed again."""
        everybodys = [item.id for person in self.tenant.state.people for item in person.factors]
        page = self.open(at, "mfa")
        listed = page.context.get("authenticators", []) if page.context else []
        ids = [choice.id for choice in listed] or everybodys
        if number == 5:
            self.send(at, "mfa")
        else:
            chosen = ids[number % len(ids)] if number < 4 else everybodys[0]
            self.send(at, "mfa", authenticator=chosen)

    @rule(at=browsers, who=people, factor=st.sampled_from(["otp", "phone", "recovery-code", ""]))
    def answer_factor(self, at: int, who: str, factor: str) -> None:
        self.send(at, "mfa_challenge", code=self.factor_code(who, factor))

    @rule(is_approved=st.booleans())
    def press_push(self, is_approved: bool) -> None:
        with suppress(LookupError):
            (self.tenant.approve_push if is_approved else self.tenant.deny_push)()

    @rule(at=browsers, accept=st.sampled_from(["application/json", "text/html"]))
    def poll(self, at: int, accept: str) -> None:
        self.clock.shift(6)
        url, headers = reverse("pwdless:mfa_poll"), {"accept": accept}
        post = lambda client: client.post(url, headers=headers)  # noqa: E731
        self.watch(at, "mfa_poll", "POST", post)

    @rule(at=browsers, factor=st.sampled_from(FACTORS))
    def enroll(self, at: int, factor: str) -> None:
        self.send(at, "mfa_enroll", factor=factor, phone_number="+12025550101", channel="sms")

    def remove_identity(self, at: int, number: int) -> None:
        pk = self.some_identity(number)
        url = reverse("pwdless:identity_remove", kwargs={"pk": pk})
        self.watch(at, "identity_remove", "POST", lambda client: client.post(url))

    # The world around

    @rule(at=browsers)
    def log_out(self, at: int) -> None:
        self.send(at, "logout")

    @rule(at=browsers, name=st.sampled_from(PAGES))
    def look_at(self, at: int, name: str) -> None:
        self.open(at, name)

    @rule(seconds=st.sampled_from([1, 31, 61, 181, 601, 901, 3601]))
    def wait(self, seconds: int) -> None:
        self.clock.shift(seconds)

    @rule(path=st.sampled_from(PATHS), fault=st.sampled_from(FAULTS), after=st.booleans())
    def break_auth0(self, path: str, fault: str, after: bool) -> None:
        self.tenant.recover()
        if fault:
            self.tenant.fail(path, fault, times=1, after=after)

    @rule(at=browsers)
    def sign_in_by_password(self, at: int) -> None:
        browser = self.browsers[at]
        before = browser.session_key
        if browser.client.login(username="local", password="password"):
            self.witness.signed_in_otherwise(before, browser)

    @rule(who=st.sampled_from([0, 1, 2]), is_active=st.booleans())
    def switch_user(self, who: int, is_active: bool) -> None:
        users = get_user_model().objects.order_by("pk")
        get_user_model().objects.filter(pk=users[who % len(users)].pk).update(is_active=is_active)

    @rule(to=browsers)
    def plant_cookie(self, to: int) -> None:
        """The attacker gives somebody the session of the other browser."""
        self.browsers[to].client.cookies = copy.deepcopy(self.browsers[1 - to].client.cookies)

    @precondition(lambda self: self.witness.dead_keys)
    @rule(at=browsers)
    def use_old_cookie(self, at: int) -> None:
        self.browsers[at].client.cookies["sessionid"] = self.witness.dead_keys[-1]

    @rule(at=browsers, submission=SUBMISSIONS)
    def send_nonsense(self, at: int, submission: Submission) -> None:
        if "Cookie" in submission.headers:
            return
        fields = dict(submission.posted)
        self.watch(at, submission.name, submission.method, submission.send, fields)

    @invariant()
    def nobody_else_is_signed_in(self) -> None:
        for at in range(len(getattr(self, "browsers", []))):
            now = self.look(at)
            assert now.is_over or now.user == self.witness.known(now.key).user


def test_people_in_any_order(everything_on: None, tenant: LocalTenant, clock: Any, settings: Any):
    settings.ROOT_URLCONF = "tests.fuzz.site_urls"
    limits = {"start": {"ip": None}, "verify": {"ip": None}, "mfa": {"ip": None}}
    settings.PWDLESS = {**settings.PWDLESS, "RATE_LIMITS": limits, "LOGOUT": "local"}
    People.tenant, People.clock = tenant, clock
    run_state_machine_as_test(People, settings=examples(2, stateful_step_count=40))
