"""The example project's app in the terminal that signs in by the site's JSON, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN, NUMBER

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLE = Path(__file__).parents[2] / "example_project"
CODE = "The code that was sent: "
SECOND_CODE = "The second code: "


@pytest.fixture(scope="module")
def live_server(django_db_setup: None, live_server: LiveServer) -> LiveServer:
    """The live server, started after the database was made: earlier it would share a connection."""
    return live_server


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(EXAMPLE)
    monkeypatch.setenv("NO_PROXY", "*")
    import session_client

    return session_client


@pytest.fixture
def run(
    client: Any, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> Callable[..., tuple[int, str]]:
    """Run the app to its end, with what a person answers; return its status and what it prints."""

    def run(answers: dict[str, Callable[[], str]]) -> tuple[int, str]:
        monkeypatch.setattr("builtins.input", lambda question: answers[question]())
        site, api = f"{live_server.url}/app/", f"{live_server.url}/own/plain/"
        with override_settings(ROOT_URLCONF="tests.headless.site_urls"):
            status = client.main([ANN, "--site", site, "--api", api])
        return status, capsys.readouterr().out

    return run


def test_code_then_the_sites_api(run: Any, tenant: LocalTenant) -> None:
    status, printed = run({CODE: lambda: tenant.inbox.latest(ANN).code})
    assert status == 0
    assert f"Signed in as {ANN}." in printed and '200 {"user": "user-' in printed
    assert f"Sign-in methods: {ANN}" in printed and printed.endswith("Signed out.\n")


def test_wrong_code_is_typed_again(run: Any, tenant: LocalTenant) -> None:
    codes = iter(["000000", None])
    status, printed = run({CODE: lambda: next(codes) or tenant.inbox.latest(ANN).code})
    assert status == 0 and "The site said no (invalid)" in printed


def test_choice_of_a_second_factor(run: Any, tenant: LocalTenant, with_factors: None) -> None:
    tenant.add_person(ANN, phone_number=NUMBER, factors=["email", "otp"])
    (person,) = tenant.state.people
    status, printed = run(
        {
            CODE: lambda: tenant.inbox.latest(ANN).code,
            "Which one? ": lambda: "0",
            SECOND_CODE: lambda: tenant.totp(person),
        }
    )
    assert status == 0 and "Signed in" in printed


def test_enrollment_and_recovery_codes(run: Any, tenant: LocalTenant, with_factors: None) -> None:
    person = tenant.add_person(ANN, mfa="enroll")
    status, printed = run(
        {
            CODE: lambda: tenant.inbox.latest(ANN).code,
            "One of otp, phone, push-notification: ": lambda: "otp",
            SECOND_CODE: lambda: tenant.totp(person),
        }
    )
    assert status == 0
    assert "Key for the authenticator app: " in printed and "Recovery codes: " in printed


def test_refusal_ends_it(run: Any, tenant: LocalTenant) -> None:
    tenant.add_person(ANN, denied=True)
    status, printed = run({CODE: lambda: tenant.inbox.latest(ANN).code})
    assert status == 1 and "The site said no (refused)" in printed
