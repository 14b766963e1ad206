"""The documentation names what each template is given: no more, no less."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant

from .browser import ANN, Browser
from .conftest import Configure

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES = [DOCS / "reference" / "pages.md"]
ROW = re.compile(r"^\| `django_pwdless/([\w/]+\.html)` \| .+ \| (.+) \|$", re.MULTILINE)
CHALLENGE, PUSH = "mfa/challenge.html", "mfa/push.html"
# Django's generic views add themselves, and tags of base.html what they find out.
NOT_OURS = {"view", "lang", "is_rtl"}

Reach = Callable[[Browser, LocalTenant, Configure], Any]
REACHED: dict[str, Reach] = {}


def documented() -> dict[str, set[str]]:
    """The names beside each template in the tables of the documentation."""
    rows = [row for page in PAGES for row in ROW.findall(page.read_text(encoding="utf-8"))]
    names = {template: set(re.findall(r"`(\w+)`", cell)) for template, cell in rows}
    # One view and one context; each of the rows has what its template needs.
    names[CHALLENGE] = names[PUSH] = names[CHALLENGE] | names[PUSH]
    return names


def given(response: Any) -> tuple[str, set[str]]:
    """The template of a page, and the names that its view gives it."""
    (first, *_), (template, *_) = response.context, response.templates
    # The last layer is the view's; those below are Django's and the context processors'.
    names = set(first.dicts[-1]) - NOT_OURS
    return template.name.removeprefix("django_pwdless/"), names


def reaches(template: str) -> Callable[[Reach], Reach]:
    def remember(reach: Reach) -> Reach:
        REACHED[template] = reach
        return reach

    return remember


@reaches("login.html")
def login(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    return browser.get("login")


@reaches("verify.html")
def verify(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    browser.ask()
    return browser.get("verify")


@reaches("link_sent.html")
def link_sent(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    configure(METHODS=["email-link"])
    browser.ask()
    return browser.get("link_sent")


@reaches("link.html")
def link(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    return browser.get("link")


@reaches("problem.html")
def problem(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    tenant.fail("/passwordless/start", "server_error", times=1)
    return browser.ask()


@reaches("logged_out.html")
def logged_out(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    return browser.get("logged_out")


@reaches("identities.html")
def identities(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    browser.sign_in()
    return browser.get("identities")


@reaches("identity_add.html")
def identity_add(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    browser.sign_in()
    return browser.get("identity_add")


@reaches("mfa/select.html")
def select(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    configure(CUSTOMIZE_MFA=True)
    tenant.add_person(ANN, factors=["otp", "email"])
    browser.sign_in()
    return browser.get("mfa")


@reaches(CHALLENGE)
def challenge(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    configure(CUSTOMIZE_MFA=True)
    tenant.add_person(ANN, factors=["otp"])
    browser.sign_in()
    return browser.get("mfa_challenge")


@reaches(PUSH)
def push(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    configure(CUSTOMIZE_MFA=True)
    tenant.add_person(ANN, factors=["push-notification"])
    browser.sign_in()
    return browser.get("mfa_challenge")


@reaches("mfa/enroll.html")
def enroll(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    configure(CUSTOMIZE_MFA=True)
    tenant.add_person(ANN, mfa="enroll")
    browser.sign_in()
    return browser.get("mfa_enroll")


@reaches("mfa/recovery_codes.html")
def recovery_codes(browser: Browser, tenant: LocalTenant, configure: Configure) -> Any:
    configure(CUSTOMIZE_MFA=True)
    person = tenant.add_person(ANN, factors=["recovery-code"])
    browser.sign_in()
    (choice,) = browser.get("mfa").context["authenticators"]
    browser.post("mfa", authenticator=choice.id)
    browser.post("mfa_challenge", code=person.recovery_code)
    return browser.get("recovery_codes")


def test_each_documented_template_is_reached() -> None:
    assert set(REACHED) == set(documented())


@pytest.mark.parametrize("template", REACHED)
def test_template_is_given_what_is_documented(
    template: str, browser: Browser, tenant: LocalTenant, configure: Configure
) -> None:
    rendered, names = given(REACHED[template](browser, tenant, configure))
    assert rendered == template
    assert names == documented()[template]
