"""What people do by JSON, in a page of their browser or in an app; pages lie between."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.journeys.browser import NUMBER

from .clients import App
from .stage import PEOPLE, Stage

FACTORS = ["otp", "phone", "push-notification"]
APP = 2

doors = st.sampled_from([0, 0, 1, APP, APP])
people = st.sampled_from(sorted(PEOPLE))
anybody = st.sampled_from([*sorted(PEOPLE), NUMBER])


class JsonRules(Stage):
    """The operations of the JSON; each is of the kind of a page, and under the same witness."""

    @rule(at=doors, who=anybody, number=st.integers(0, 3))
    def sign_in_by_json(self, at: int, who: str, number: int) -> None:
        """Ask, and do what is asked for."""
        self.speak(at, "login", "POST", "login/", identifier=who)
        for _ in range(4):
            if self.look(at).pending:
                self.go_on_by_json(at, number)

    @rule(at=doors, number=st.integers(0, 3))
    def go_on_by_json(self, at: int, number: int) -> None:
        """Do the next thing that the state asks for."""
        state = self.speak(at, "state", "GET", "login/").json()
        who = self.look(at).pending.get("identifier", "")
        match state.get("step"):
            case "code":
                self.code_by_json(at, self.code_for(who, "new"))
            case "choose_factor" if state["authenticators"]:
                chosen = state["authenticators"][number % len(state["authenticators"])]
                self.choose_by_json(at, chosen["id"])
            case "enroll_factor":
                self.enroll_by_json(at, FACTORS[number % 3])
            case "answer_factor":
                code = self.factor_code(who, state["factor"])
                self.speak(at, "mfa_challenge", "POST", "login/factor/answer/", code=code)
            case "wait_for_push":
                self.press_push(True)
                self.poll_by_json(at)
            case "recovery_codes":
                self.speak(at, "recovery_codes", "POST", "login/recovery-codes/")

    @rule(at=doors, who=anybody, method=st.sampled_from(["email-code", "email-link"]))
    def ask_by_json(self, at: int, who: str, method: str) -> None:
        self.speak(at, "login", "POST", "login/", identifier=who, method=method)

    @rule(at=doors, who=anybody, which=st.sampled_from(["new", "old", "wrong"]))
    def type_code_by_json(self, at: int, who: str, which: str) -> None:
        self.code_by_json(at, self.code_for(who, which))

    def code_by_json(self, at: int, code: str) -> None:
        self.speak(at, "verify", "POST", "login/code/", code=code)

    @rule(at=doors, who=people, owner=people)
    def type_code_anywhere_by_json(self, at: int, who: str, owner: str) -> None:
        code = self.code_for(owner, "new")
        self.speak(at, "link", "POST", "login/link/", identifier=who, code=code)

    @rule(at=doors)
    def ask_again_by_json(self, at: int) -> None:
        self.speak(at, "resend", "POST", "login/resend/")

    @rule(at=doors, number=st.integers(0, 5))
    def choose_anybodys_by_json(self, at: int, number: int) -> None:
        """Somebody else's, or have them listed again."""
        ids = [item.id for person in self.tenant.state.people for item in person.factors]
        members = {} if number == 5 else {"authenticator": ids[number % len(ids)]}
        self.speak(at, "mfa", "POST", "login/factor/", **members)

    def choose_by_json(self, at: int, chosen: str) -> None:
        self.speak(at, "mfa", "POST", "login/factor/", authenticator=chosen)

    @rule(at=doors, who=people, factor=st.sampled_from(["otp", "phone", "recovery-code", ""]))
    def answer_factor_by_json(self, at: int, who: str, factor: str) -> None:
        code = self.factor_code(who, factor)
        self.speak(at, "mfa_challenge", "POST", "login/factor/answer/", code=code)

    @rule(at=doors)
    def poll_by_json(self, at: int) -> None:
        self.clock.shift(6)
        self.speak(at, "mfa_poll", "POST", "login/factor/poll/")

    @rule(at=doors, factor=st.sampled_from(FACTORS))
    def enroll_by_json(self, at: int, factor: str) -> None:
        fields = {"factor": factor}
        if factor == "phone":
            fields.update(phone_number="+12025550101", channel="sms")
        self.speak(at, "mfa_enroll", "POST", "login/factor/enroll/", **fields)

    @rule(at=doors)
    def give_up_by_json(self, at: int) -> None:
        answer = self.speak(at, "give_up", "DELETE", "login/")
        assert answer.status_code != 200 or not self.look(at).pending

    @rule(at=doors)
    def log_out_by_json(self, at: int) -> None:
        self.speak(at, "logout", "POST", "logout/")

    @rule(at=doors, who=anybody)
    def add_by_json(self, at: int, who: str) -> None:
        self.speak(at, "identity_add", "POST", "identities/", identifier=who)
        self.go_on_by_json(at, 0)

    @rule(at=doors, number=st.integers(0, 5))
    def confirm_and_remove_by_json(self, at: int, number: int) -> None:
        """Only one's own, and never the last one."""
        self.speak(at, "login", "POST", "login/", reconfirm=self.some_identity(number))
        self.go_on_by_json(at, number)
        pk = self.some_identity(number + 1)
        self.speak(at, "identity_remove", "DELETE", f"identities/{pk}/")

    @rule(at=doors)
    def look_at_lists(self, at: int) -> None:
        """Nobody sees what is somebody else's."""
        self.speak(at, "identities", "GET", "identities/")
        seen = self.speak(at, "sign_ins", "GET", "sign-ins/")
        now = self.look(at)
        for row in seen.json()["sign_ins"] if seen.status_code == 200 else ():
            assert str(now.rows[int(row["id"])]) == now.user
            assert row["current"] == (int(row["id"]) == now.entry_pk)

    # Tokens in the wrong hands

    @precondition(lambda self: self.witness.dead_keys)
    @rule(at=doors)
    def use_old_token(self, at: int) -> None:
        """A session that is over opens nothing by its token either."""
        app = self.browsers[APP]
        assert isinstance(app, App)
        app.use_key(self.witness.dead_keys[-1])
        answer = self.speak(APP, "state", "GET", "login/")
        assert answer.json()["outcome"] == "session_gone"

    @rule(to=st.sampled_from([0, 1]))
    def use_token_as_cookie(self, to: int) -> None:
        app: Any = self.browsers[APP]
        if app.token:
            self.browsers[to].client.cookies["sessionid"] = app.token
            assert self.speak(to, "state", "GET", "login/").json()["user"] is None

    @rule(of=st.sampled_from([0, 1]))
    def use_cookie_as_token(self, of: int) -> None:
        """The key of a session is no token."""
        app: Any = self.browsers[APP]
        key = self.browsers[of].session_key
        if key not in self.witness.sessions:
            return
        before, app.token = app.token, key
        answer = self.speak(APP, "state", "GET", "login/")
        assert answer.json()["outcome"] == "session_gone"
        app.token = before

    def press_push(self, is_approved: bool) -> None:
        raise NotImplementedError
