"""Somebody who wants to sign in, and does what the pages offer until they are in."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, Protocol

from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import NUMBER, Browser
from tests.journeys.hosted import log_in_hosted, press

TARGET = "/in/"
# More steps than any way to the end takes.
MOST_STEPS = 20
JSON = {"accept": "application/json"}


class Site(Protocol):
    """What happens to the site and to the time meanwhile."""

    def wait(self, seconds: float) -> None:
        """Let time go by, for the tenant too."""

    def restart(self) -> None:
        """Have its processes start anew."""

    def lose_cache(self) -> None:
        """Empty the cache that they share."""


class Visitor(Browser):
    """A browser whose person reads the pages.

    ``wants`` are the authenticators they would use, as their ids begin, the best first; ``method``
    is how they sign in; ``stays`` is who is signed in and has to stay. ``pages`` are the templates
    they have come across. ``is_new`` until their first step; ``came_for`` is
    what they do with their second factors, until it is done and they are ``is_content``.
    """

    def __init__(self, tenant: LocalTenant, site: Site, **options: Any) -> None:
        super().__init__(tenant, **options)
        self.site = site
        self.method = "email-code"
        self.wants = ["totp"]
        self.enrolls: dict[str, str] = {"factor": "otp"}
        self.polls_in_json = False
        self.target = TARGET
        self.pages: list[str] = []
        self.account: Any = None
        self.returns_to = ""
        self.stays: str | None = None
        self.is_new = True
        self.came_for: Callable[[Visitor], Any] = Visitor.add_factor
        self.is_content: Callable[[], bool] = lambda: True
        self._used: str | None = None
        self._interval = 5

    def has(self, *factors: str, **more: Any) -> None:
        """Have an account at the tenant with these second factors."""
        self.account = self.tenant.add_person(
            self.identifier, phone_number=NUMBER, factors=factors, **more
        )

    def begin(self, **fields: str) -> Any:
        """Ask for a message at the first step."""
        fields = {"method": self.method, "next": self.target, **fields}
        return self.post("login", identifier=self.identifier, **fields)

    def walk(self, response: Any) -> None:
        """Do what the pages offer until the login has led to its target."""
        for _ in range(MOST_STEPS):
            location = leads_to(response)
            if location == self.target and self.is_content():
                assert self.user_id and self.user_id == (self.stays or self.user_id)
                return
            response = self.client.get(location) if location else self.use(response)
        raise AssertionError(f"{self.pages} did not lead to {self.target}")

    def use(self, response: Any) -> Any:
        """Do what a page is for; return what comes of it."""
        if is_json(response):
            return self.poll()
        name = page_of(response)
        self.pages.append(name)
        return PAGES[name](self, response)

    # What is done on each page

    def sign_in_here(self, page: Any) -> Any:
        context = page.context
        if self.method == "universal":
            return self.log_in_there(self.client.get(context["universal_url"]))
        if context["reconfirm"]:
            own = context["reconfirm"][0].pk
            return self.post("login", reconfirm=own, next=context["next"])
        return self.begin(next=context["next"])

    def log_in_there(self, redirect: Any) -> Any:
        """Go through Universal Login, and come back."""
        return self.client.get(log_in_hosted(self.tenant, redirect["Location"], self.identifier))

    def type_code(self, page: Any) -> Any:
        return self.type_newest("verify", page, self.identifier)

    def type_newest(self, name: str, page: Any, to: str | None) -> Any:
        """Type the newest code, or ask for another where that was not taken."""
        sent = [message.code for message in self.tenant.inbox.messages(to) if message.code]
        if not sent or (page.context["form"].errors and sent[-1] == self._used):
            return self.post("resend")
        self._used = sent[-1]
        return self.post(name, code=sent[-1])

    def press(self) -> str:
        """Press the newest link; return where it leads to on the site."""
        self._used = self.tenant.inbox.latest(self.identifier).link
        return press(self.tenant, self._used or "")

    def press_newest(self, page: Any) -> Any:
        """Press the newest link in the inbox, or ask for another where that was used."""
        links = [message.link for message in self.tenant.inbox.messages(self.identifier)]
        if not links or links[-1] in (None, self._used):
            return self.post("resend")
        return self.client.get(self.press())

    def type_elsewhere(self, page: Any) -> Any:
        """Type address and code on the page for any device; it leads to the start otherwise."""
        if page.context["form"].errors:
            return self.client.get(page.context["change_url"])
        return self.post("link", identifier=self.identifier, code=self.code)

    def follow(self, page: Any) -> Any:
        """Go on from a problem by what its page offers."""
        link = page.context["retry_url"] or page.context["universal_url"]
        assert f'href="{escape(link)}"' in page.content.decode()
        return self.client.get(link)

    def choose(self, page: Any) -> Any:
        """Choose the best of what is listed, or have it listed again."""
        listed = [choice.id for choice in page.context["authenticators"]]
        for wanted in self.wants:
            for choice in listed:
                if choice.startswith(f"{wanted}|"):
                    return self.post("mfa", authenticator=choice)
        return self.post("mfa")

    def prove(self, page: Any) -> Any:
        """Answer the second factor; use another where the answer was not taken."""
        factor, is_wrong = page.context["factor"], bool(page.context["form"].errors)
        if factor == "otp":
            if is_wrong:
                # An app's code works once.
                self.site.wait(30)
            return self.post("mfa_challenge", code=self.tenant.totp(self.account))
        if factor == "recovery-code":
            if is_wrong:
                self.wants.remove("recovery-code")
                return self.get("mfa")
            return self.post("mfa_challenge", code=self.account.recovery_code)
        return self.type_newest("mfa_challenge", page, None)

    def approve(self, page: Any) -> Any:
        """Approve what is on the phone, if it is still there, and tell the page so."""
        self._interval = page.context["interval"]
        if self.tenant.state.challenges.pushes():
            self.tenant.approve_push()
        return self.poll()

    def poll(self) -> Any:
        """Ask whether the push was answered, as the script or as the button does."""
        if not self.polls_in_json:
            self._interval = self.get("mfa_challenge").context["interval"]
        self.site.wait(self._interval + 1)
        if not self.polls_in_json:
            return self.post("mfa_poll")
        answer = self.client.post(reverse("pwdless:mfa_poll"), headers=JSON)
        self._interval = answer.json()["interval"]
        return answer

    def confirm(self) -> Any:
        """Have a code sent to confirm that it is them."""
        return self.sign_in_here(self.get("login", next=self.target))

    def enroll(self, page: Any = None) -> Any:
        if page is not None and page.context.get("is_added"):
            return self.add_factor()
        return self.post("mfa_enroll", **self.enrolls)

    def confirm_recovery_codes(self, page: Any) -> Any:
        return self.post("recovery_codes", next=page.context["next"])

    # What a signed-in person does about their second factors

    def look_after_factors(self, page: Any) -> Any:
        """Go through the step-up, read the list, or do what they came for."""
        if page.context["step_up_url"]:
            return self.prove_themselves(page)
        if page.context["authenticators"] is None:
            return self.post("factors_refresh")
        return self.came_for(self)

    def prove_themselves(self, page: Any = None) -> Any:
        """Go through the step-up, and come back."""
        shown = page or self.get("factors")
        return self.log_in_there(self.client.get(shown.context["step_up_url"]))

    def add_factor(self) -> Any:
        return self.post("factor_add", **self.enrolls)

    def add(self, page: Any = None) -> Any:
        return self.post("identity_add", identifier=self.identifier, next=self.target)


PAGES: dict[str, Callable[[Visitor, Any], Any]] = {
    "login": Visitor.sign_in_here,
    "verify": Visitor.type_code,
    "link_sent": Visitor.press_newest,
    "link": Visitor.type_elsewhere,
    "problem": Visitor.follow,
    "mfa/select": Visitor.choose,
    "mfa/challenge": Visitor.prove,
    "mfa/push": Visitor.approve,
    "mfa/enroll": Visitor.enroll,
    "mfa/recovery_codes": Visitor.confirm_recovery_codes,
    "identity_add": Visitor.add,
    "factors/list": Visitor.look_after_factors,
}


def page_of(response: Any) -> str:
    """The name of the page that was shown."""
    name: str = response.templates[0].name
    return name.removeprefix("django_pwdless/").removesuffix(".html")


def is_json(response: Any) -> bool:
    return bool(response.headers["Content-Type"] == "application/json")


def leads_to(response: Any) -> str:
    """Where an answer leads on by itself; empty where it does not."""
    given = response.json()["redirect"] if is_json(response) else response.headers.get("Location")
    return str(given or "")
