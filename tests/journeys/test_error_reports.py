"""What Django's error reports say of a login in which code of the site breaks (threat 32)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import aauthenticate, authenticate
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.signals import got_request_exception
from django.db import connection
from django.http import HttpRequest
from django.test import AsyncClient, RequestFactory
from django.urls import reverse
from django.views.debug import ExceptionReporter

from django_pwdless.auth0.types import Requirements
from django_pwdless.backends import PasswordlessBackend
from django_pwdless.flows.attempts import Attempt
from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.localtenant import LocalTenant
from django_pwdless.session.login_record import RecoveryCodes
from django_pwdless.session.pending_login import PendingLogin
from django_pwdless.session.pending_mfa import Challenge, PendingMFA
from django_pwdless.session.redirect_states import RedirectState
from django_pwdless.signals import login_started

from .browser import ANN, START, TOKEN, Browser
from .conftest import Configure
from .hosted import log_in_hosted

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
    assert BROKEN in report.replace("_", " ")
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


def test_report_of_a_token_of_the_sites_own_in_a_coroutine(
    tenant: LocalTenant, rf: RequestFactory, settings: Any
) -> None:
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.BrokenBackend"]
    try:
        async_to_sync(aauthenticate)(rf.get("/"), id_token=tenant.id_token())
    except RuntimeError:
        text = report(None)
    assert BROKEN in text and tenant.id_token()[:8] not in text


# --- Frames that end before the report is written, or begin after the view ------------------------


def broken_receiver(**kwargs: Any) -> NoReturn:
    raise RuntimeError(BROKEN)


@pytest.fixture
def break_signal() -> Iterator[Callable[[Any], None]]:
    """Have a receiver of the site's break."""
    broken_signals: list[Any] = []

    def break_signal(signal: Any) -> None:
        signal.connect(broken_receiver)
        broken_signals.append(signal)

    yield break_signal
    for signal in broken_signals:
        signal.disconnect(broken_receiver)


@pytest.mark.parametrize("signal", [user_login_failed, login_started, user_logged_in])
def test_report_of_a_receiver(
    signal: Any, break_signal: Any, browser: Browser, tenant: LocalTenant, reports: list[str]
) -> None:
    browser.client.raise_request_exception = False
    if signal is login_started:
        break_signal(signal)
        browser.ask()
    else:
        browser.ask()
        break_signal(signal)
        browser.answer(browser.wrong_code if signal is user_login_failed else None)
    (report,) = reports
    assert BROKEN in report and ANN not in report and tenant.id_token()[:8] not in report


@pytest.mark.parametrize("table", ["addresslock", "identity", "auth_user", "session"])
@pytest.mark.parametrize("verb", ["SELECT", "INSERT", "UPDATE"])
def test_report_of_a_statement(
    table: str, verb: str, browser: Browser, tenant: LocalTenant, reports: list[str]
) -> None:
    """Whatever statement of a first login fails, its values are in no frame."""

    def break_statement(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith(verb) and table in sql:
            raise RuntimeError(BROKEN)
        return execute(sql, *args)

    browser.client.raise_request_exception = False
    browser.ask()
    code = browser.code
    with connection.execute_wrapper(break_statement):
        browser.answer()
    for report in reports:
        assert BROKEN in report
        assert [it for it in (ANN, code, tenant.id_token()[:8]) if it in report] == []


def is_broken_page(request: HttpRequest) -> dict[str, Any]:
    return {"broken": broken_receiver}


@pytest.fixture(params=["{{ broken }}", "{{ ''|default:code_of_the_site_is_broken }}"])
def broken_layout(request: pytest.FixtureRequest, settings: Any, browser: Browser) -> None:
    """The site's own layout breaks: by what it calls, or by a name that no page has."""
    layout = f"{request.param}{{% block content %}}{{% endblock %}}"
    own = {"django_pwdless/base.html": layout}
    loaders = [
        ("django.template.loaders.locmem.Loader", own),
        "django.template.loaders.app_directories.Loader",
    ]
    engine = settings.TEMPLATES[0]
    processors = [*engine["OPTIONS"]["context_processors"], f"{__name__}.is_broken_page"]
    options = {"context_processors": processors, "loaders": loaders}
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]
    browser.client.raise_request_exception = False


@pytest.mark.usefixtures("broken_layout")
def test_report_of_a_page_with_an_address(
    browser: Browser, tenant: LocalTenant, reports: list[str]
) -> None:
    browser.ask()
    browser.get("login")
    browser.get("verify")
    browser.answer()
    browser.get("login", next="/in/")
    browser.get("identities")
    for report in reports:
        assert leaks(report, tenant) == []
    assert len(reports) == 4


@pytest.mark.usefixtures("broken_layout")
def test_report_of_a_problem(browser: Browser, tenant: LocalTenant, reports: list[str]) -> None:
    browser.sign_in()
    tenant.fail(START, "server_error")
    browser.post("identity_add", identifier="ann@work.example")
    (report,) = reports
    assert leaks(report, tenant) == []
    assert "retry_url&#x27;:" not in report


def causes_itself(request: HttpRequest) -> dict[str, Any]:
    error = RuntimeError(BROKEN)
    raise error from error


@pytest.mark.filterwarnings("ignore::django.views.debug.ExceptionCycleWarning")
def test_error_that_names_itself_as_its_cause(
    browser: Browser, settings: Any, reports: list[str]
) -> None:
    engine = settings.TEMPLATES[0]
    options = {"context_processors": [f"{__name__}.causes_itself"]}
    settings.TEMPLATES = [{**engine, "OPTIONS": options}]
    browser.client.raise_request_exception = False
    assert browser.get("login").status_code == 500
    assert BROKEN in reports[0]


@pytest.mark.usefixtures("broken_layout")
def test_report_of_a_page_with_a_secret(
    browser: Browser, tenant: LocalTenant, configure: Configure, reports: list[str]
) -> None:
    configure(CUSTOMIZE_MFA=True)
    person = tenant.add_person(ANN, mfa="enroll")
    browser.sign_in()
    browser.post("mfa_enroll", factor="otp")
    browser.get("mfa_challenge")
    browser.post("mfa_challenge", code=tenant.totp(person))
    browser.get("recovery_codes")
    secrets = [person.recovery_code, *(factor.secret for factor in person.factors)]
    shown = [ANN, *map(str, secrets)]
    assert all(secrets) and len(reports) == 2
    for report in reports:
        assert BROKEN in report.replace("_", " ")
        assert [value for value in shown if value in report] == []


class BrokenStore(SessionStore):
    """Breaks at a save, with all that is to be saved in its frame."""

    is_broken = False

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        text = self.encode(data)
        if BrokenStore.is_broken:
            raise RuntimeError(f"{BROKEN} ({len(text)})")
        return super().create_model_instance(data)


@pytest.mark.parametrize("name", ["login", "home"])
def test_report_of_a_session_that_cannot_be_saved(
    name: str,
    browser: Browser,
    tenant: LocalTenant,
    configure: Configure,
    settings: Any,
    reports: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At the end of the request, of any page of the site's while a login is half-way."""
    configure(METHODS=["email-code", "email-link", "universal"])
    settings.SESSION_ENGINE = __name__
    settings.SESSION_SAVE_EVERY_REQUEST = True
    browser.client.raise_request_exception = False
    browser.ask(method="email-link")
    address = browser.get("universal")["Location"]
    query = parse_qs(urlsplit(address).query)
    link = tenant.calls("/passwordless/start")[0].body["authParams"]
    hidden = [ANN, *query["state"], *query["nonce"], link["state"], link["nonce"]]
    monkeypatch.setattr(BrokenStore, "is_broken", True)
    browser.client.get(reverse("pwdless:login" if name == "login" else name))
    (report,) = reports
    assert BROKEN in report
    assert [value for value in hidden if value in report] == []


@pytest.mark.usefixtures("broken")
def test_report_of_a_return_from_auth0(
    browser: Browser, tenant: LocalTenant, configure: Configure, reports: list[str]
) -> None:
    """Its code and state are in the address."""
    configure(METHODS=["universal"])
    path = log_in_hosted(tenant, browser.get("universal")["Location"])
    browser.client.get(path)
    (report,) = reports
    query = parse_qs(urlsplit(path).query)
    assert BROKEN in report
    assert [name for name in ("code", "state") if query[name][0] in report] == []


@pytest.mark.usefixtures("broken")
def test_report_under_asgi(browser: Browser, tenant: LocalTenant, reports: list[str]) -> None:
    browser.ask()
    client = AsyncClient(raise_request_exception=False)
    client.cookies = browser.client.cookies
    async_to_sync(client.post)(reverse("pwdless:verify"), {"code": browser.code})
    (report,) = reports
    assert leaks(report, tenant) == []


SessionStore = BrokenStore  # type: ignore[assignment]
