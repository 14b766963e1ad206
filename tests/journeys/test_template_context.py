"""The documentation names what each template is given: no more, no less."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant

from .browser import ANN, Browser
from .conftest import Configure
from .hosted import log_in_hosted

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES = [DOCS / "reference" / "pages.md"]
ROW = re.compile(r"^\| `django_pwdless/([\w/]+\.html)` \| .+ \| (.+) \|$", re.MULTILINE)
CHALLENGE, PUSH = "mfa/challenge.html", "mfa/push.html"
# Django's generic views add themselves, and tags of base.html what they find out.
NOT_OURS = {"view", "lang", "is_rtl"}

Step = Callable[[Browser], Any]


def nothing(browser: Browser) -> None:
    """The page is the first one."""


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


def failed(browser: Browser) -> Any:
    browser.tenant.fail("/passwordless/start", "server_error", times=1)
    return browser.ask()


def recovered(browser: Browser) -> Any:
    browser.choose("recovery-code")
    (person,) = browser.tenant.state.people
    browser.post("mfa_challenge", code=person.recovery_code)
    return browser.get("recovery_codes")


def asked_to_remove(browser: Browser) -> Any:
    browser.tenant.add_person(ANN, factors=["otp", "sms"], mfa=None)
    away = browser.client.get(browser.get("factors").context["step_up_url"])["Location"]
    browser.client.get(log_in_hosted(browser.tenant, away))
    first = browser.get("factors").context["authenticators"][0]
    return browser.client.get(reverse("pwdless:factor_remove", kwargs={"id": first.id}))


METHODS = ["email-code", "email-link", "universal"]

# What comes before the page, what makes or shows it, and the second factors of its person.
REACHED: dict[str, tuple[Step, Step | str, list[str] | None]] = {
    "login.html": (nothing, "login", None),
    "verify.html": (Browser.ask, "verify", None),
    "link_sent.html": (lambda browser: browser.ask(method="email-link"), "link_sent", None),
    "link.html": (nothing, "link", None),
    "problem.html": (nothing, failed, None),
    "not_staff.html": (Browser.sign_in, lambda browser: browser.client.get("/admin/login/"), None),
    "logged_out.html": (nothing, "logged_out", None),
    "identities.html": (Browser.sign_in, "identities", None),
    "sign_ins.html": (Browser.sign_in, "sign_ins", None),
    "factors/list.html": (Browser.sign_in, "factors", None),
    "factors/remove.html": (Browser.sign_in, asked_to_remove, None),
    "identity_add.html": (Browser.sign_in, "identity_add", None),
    "mfa/select.html": (Browser.sign_in, "mfa", ["otp", "email"]),
    CHALLENGE: (Browser.sign_in, "mfa_challenge", ["otp"]),
    PUSH: (Browser.sign_in, "mfa_challenge", ["push-notification"]),
    "mfa/enroll.html": (Browser.sign_in, "mfa_enroll", []),
    "mfa/recovery_codes.html": (Browser.sign_in, recovered, ["recovery-code"]),
}


def test_each_documented_template_is_reached() -> None:
    assert set(REACHED) == set(documented())


@pytest.fixture
def reach(browser: Browser, tenant: LocalTenant, configure: Configure) -> Callable[[str], Any]:
    configure(CUSTOMIZE_MFA=True, METHODS=METHODS, SIGN_INS=True, FACTORS_PAGE=True)

    def page_of(template: str) -> Any:
        before, page, factors = REACHED[template]
        if factors is not None:
            tenant.add_person(ANN, **({"factors": factors} if factors else {"mfa": "enroll"}))
        before(browser)
        return browser.get(page) if isinstance(page, str) else page(browser)

    return page_of


@pytest.mark.parametrize("template", REACHED)
def test_template_is_given_what_is_documented(template: str, reach: Callable[[str], Any]) -> None:
    rendered, names = given(reach(template))
    assert rendered == template
    assert names == documented()[template]


def said_in_vain(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What Django logs at DEBUG, with all that a page was given: codes, secrets, addresses."""
    said = [record.getMessage() for record in caplog.records if record.name == "django.template"]
    return [text for text in said if "django_pwdless/" in text]


@pytest.mark.parametrize("template", REACHED)
def test_template_asks_for_nothing_that_it_is_not_given(
    template: str, reach: Callable[[str], Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG", "django.template"):
        reach(template)
    assert not said_in_vain(caplog)


def test_secret_of_an_enrollment_is_in_no_log(
    reach: Callable[[str], Any], browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    reach("mfa/enroll.html")
    browser.post("mfa_enroll", factor="otp")
    with caplog.at_level("DEBUG", "django.template"):
        assert browser.get("mfa_challenge").context["secret"]
        assert browser.post("mfa_challenge", code="000000").context["form"].errors
    assert not said_in_vain(caplog)
