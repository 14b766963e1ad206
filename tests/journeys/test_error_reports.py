"""What Django's error reports say of a login in which code of the site breaks (threat 32)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from django.contrib.auth import authenticate
from django.core.signals import got_request_exception
from django.http import HttpRequest
from django.test import RequestFactory
from django.views.debug import ExceptionReporter

from django_pwdless.auth0.types import Requirements
from django_pwdless.backends import PasswordlessBackend
from django_pwdless.flows.attempts import Attempt
from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.localtenant import LocalTenant
from django_pwdless.session.pending_login import PendingLogin
from django_pwdless.session.pending_mfa import Challenge, PendingMFA
from django_pwdless.session.recovery_codes import RecoveryCodes
from django_pwdless.session.redirect_states import RedirectState

from .browser import ANN, TOKEN, Browser
from .conftest import Configure

pytestmark = pytest.mark.django_db

SENT = {"client_secret", "username", "otp", "mfa_token", "oob_code", "binding_code"}
BROKEN = "code of the site is broken"


class BrokenBackend(PasswordlessBackend):
    def update_user(self, user: Any, claims: Any) -> NoReturn:
        raise RuntimeError(BROKEN)


def report(request: HttpRequest | None) -> str:
    """The report of the exception at hand, with the local variables of each frame."""
    return ExceptionReporter(request, *sys.exc_info()).get_traceback_html()


@pytest.fixture
def reports() -> Iterator[list[str]]:
    """The reports of requests that ended in a 500."""
    reports: list[str] = []

    def keep(request: HttpRequest, **kwargs: Any) -> None:
        reports.append(report(request))

    got_request_exception.connect(keep)
    yield reports
    got_request_exception.disconnect(keep)


@pytest.fixture
def broken(browser: Browser, settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.BrokenBackend"]
    browser.client.raise_request_exception = False


def leaks(report: str, tenant: LocalTenant) -> list[str]:
    """What a report holds of the login: tokens, codes, the address, the client's secret."""
    assert BROKEN in report
    sent = [str(call.body[key]) for call in tenant.calls(TOKEN) for key in SENT & call.body.keys()]
    assert {ANN, tenant.client_secret} < set(sent)
    # Any token of the tenant's begins like this one.
    return [value for value in (*sent, tenant.id_token()[:8]) if value in report]


IN_SESSIONS = [
    Attempt("hidden"),
    Identifier("email", "hidden"),
    PendingLogin("email-code", "email", "hidden"),
    RedirectState("link", "", "email-link", nonce="hidden", verifier="hidden", value="hidden"),
    RecoveryCodes(("hidden",)),
    PendingMFA("hidden", Requirements(), recovery_codes=["hidden"], nonce="hidden"),
    Challenge("", "otp", oob_code="hidden", secret="hidden", barcode_uri="hidden"),
    Challenge("", "phone", phone_number="hidden"),
]


@pytest.mark.parametrize("value", IN_SESSIONS, ids=lambda value: type(value).__name__)
def test_repr_shows_nothing_of_a_login(value: object) -> None:
    """Other tools that write reports show variables by it."""
    assert "hidden" not in repr(value)


@pytest.mark.usefixtures("broken")
def test_report_of_a_first_factor(
    browser: Browser, tenant: LocalTenant, reports: list[str]
) -> None:
    browser.ask()
    browser.answer()
    (report,) = reports
    assert leaks(report, tenant) == []


@pytest.mark.usefixtures("broken")
def test_report_of_a_second_factor(
    browser: Browser, tenant: LocalTenant, configure: Configure, reports: list[str]
) -> None:
    configure(CUSTOMIZE_MFA=True)
    tenant.add_person(ANN, factors=["email"])
    browser.ask()
    browser.answer()
    browser.post("mfa_challenge", code=tenant.inbox.latest().code)
    (report,) = reports
    assert leaks(report, tenant) == []


@pytest.mark.usefixtures("broken")
def test_report_of_a_token_of_the_sites_own(tenant: LocalTenant, rf: RequestFactory) -> None:
    try:
        authenticate(rf.get("/"), id_token=tenant.id_token())
    except RuntimeError:
        text = report(None)
    assert BROKEN in text and tenant.id_token()[:8] not in text
