"""The same journey on pages, from a page's script and in a native app: three ways to take it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.urls import resolve, reverse

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import outcome
from tests.journeys.mfa.browser import MFABrowser

from .front_end import FrontEnd, state_in

STEPS = {
    "verify": "code",
    "link_sent": "link",
    "mfa": "choose_factor",
    "mfa_enroll": "enroll_factor",
    "mfa_challenge": "answer_factor",
    "recovery_codes": "recovery_codes",
    "home": "signed_in",
    "identities": "signed_in",
    "logged_out": "identify",
}
# Pages lead back to the login for each of these.
START_AGAIN = {"step_missing", "signed_out", "reconfirm"}


class Seen(NamedTuple):
    """What came of a request: the step, or else the problem and the fields with an error."""

    step: str = ""
    problem: str = ""
    fields: tuple[str, ...] = ()


class Pages:
    """By the pages."""

    def __init__(self, tenant: LocalTenant) -> None:
        self.browser = MFABrowser(tenant)

    def see(self, response: Any) -> Seen:
        if response.status_code == 200:
            return Seen(problem="invalid", fields=tuple(sorted(response.context["form"].errors)))
        if response.status_code != 302:
            return Seen(problem=str(outcome(response)[1]))
        name = resolve(response["Location"].partition("?")[0]).url_name
        if name == "login":
            return Seen(problem="start again")
        step = STEPS[str(name)]
        if step == "answer_factor" and "push" in self.browser.get(name).templates[0].name:
            step = "wait_for_push"
        return Seen(step)

    def ask(self, identifier: str) -> Any:
        return self.browser.ask(identifier)

    def answer(self, code: str) -> Any:
        return self.browser.answer(code)

    def answer_anywhere(self, identifier: str, code: str) -> Any:
        return self.browser.post("link", identifier=identifier, code=code)

    def resend(self) -> Any:
        return self.browser.post("resend")

    def relist(self) -> Any:
        return self.browser.post("mfa")

    def choose(self, authenticator: str) -> Any:
        return self.browser.post("mfa", authenticator=authenticator)

    def prove(self, code: str) -> Any:
        return self.browser.prove(code)

    def enroll(self, **fields: str) -> Any:
        return self.browser.post("mfa_enroll", **fields)

    def poll(self) -> Any:
        return self.browser.post("mfa_poll")

    def keep_codes(self) -> Any:
        return self.browser.post("recovery_codes")

    def add(self, identifier: str) -> Any:
        return self.browser.post("identity_add", identifier=identifier)

    def remove(self, pk: int) -> Any:
        return self.browser.client.post(reverse("pwdless:identity_remove", args=[pk]))

    def confirm(self, pk: int) -> Any:
        return self.browser.post("login", reconfirm=str(pk))

    def sign_out(self) -> Any:
        return self.browser.post("logout")

    @property
    def session(self) -> Any:
        return self.browser.client.session


class Json:
    """By the JSON, of a page or of an app."""

    def __init__(self, kind: str, tenant: LocalTenant) -> None:
        self.front_end = FrontEnd(kind, tenant)
        self.front_end.get()
        self.post = self.front_end.post

    def see(self, response: Any) -> Seen:
        if response.status_code == 200:
            return Seen(response.data["step"])
        problem = response.data["outcome"]
        step = state_in(response)["step"]
        is_no_choice = problem == "step_missing" and step == "choose_factor"
        if is_no_choice or "authenticator" in response.data["errors"]:
            # On pages no more than a message where the factor is chosen.
            return Seen(step)
        if problem in START_AGAIN:
            return Seen(problem="start again")
        return Seen(problem=problem, fields=tuple(sorted(response.data["errors"])))

    def ask(self, identifier: str) -> Any:
        return self.front_end.ask(identifier)

    def answer(self, code: str) -> Any:
        return self.front_end.answer(code)

    def answer_anywhere(self, identifier: str, code: str) -> Any:
        return self.post("login/link/", identifier=identifier, code=code)

    def resend(self) -> Any:
        return self.post("login/resend/")

    def relist(self) -> Any:
        return self.post("login/factor/")

    def choose(self, authenticator: str) -> Any:
        return self.post("login/factor/", authenticator=authenticator)

    def prove(self, code: str) -> Any:
        return self.post("login/factor/answer/", code=code)

    def enroll(self, **fields: str) -> Any:
        return self.post("login/factor/enroll/", **fields)

    def poll(self) -> Any:
        return self.post("login/factor/poll/")

    def keep_codes(self) -> Any:
        return self.post("login/recovery-codes/")

    def add(self, identifier: str) -> Any:
        return self.post("identities/", identifier=identifier)

    def remove(self, pk: int) -> Any:
        return self.front_end.delete(f"identities/{pk}/")

    def confirm(self, pk: int) -> Any:
        return self.post("login/", reconfirm=pk)

    def sign_out(self) -> Any:
        return self.post("logout/")
