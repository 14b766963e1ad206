"""What reaches nobody: threats 15, 32 and the guarantees on logs, pages and addresses."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.answers.documented_errors import ERROR_TABLES
from django_pwdless.localtenant.faults.armed import FAULTS

from .browser import ANN, START, TOKEN, Browser
from .conftest import Configure

pytestmark = pytest.mark.django_db

# Those that take their time are of no other kind than the rest.
QUICK = [name for name in FAULTS if name.split("_")[0] not in ("timeout", "slow", "refused")]
EVERYTHING = [
    *[(path, fault) for path in (START, TOKEN) for fault in (*QUICK, *ERROR_TABLES[path])],
    *[("id_token", fault) for fault in ("object", "wrong_aud", "alg_none", "no_sub", "huge")],
]


def go_wrong(browser: Browser, tenant: LocalTenant, path: str, fault: str) -> list[Any]:
    """One login with something wrong; the answers of its steps."""
    if path == "id_token":
        tenant.token_fault = fault
    elif path == TOKEN:
        tenant.fail(path, fault)
    steps = [browser.ask(next="/in/"), browser.get("verify")]
    code, wrong = browser.code, browser.wrong_code
    if path == START:
        tenant.fail(path, fault)
        steps += [browser.post("resend"), browser.ask("ben@example.com"), browser.ask()]
    steps += [browser.answer(wrong), browser.answer(code), browser.get("verify")]
    return steps


def secrets_of(tenant: LocalTenant) -> list[str]:
    """Every value that was on the wire and belongs nowhere else."""
    codes = [message.code or "" for message in tenant.inbox.messages()]
    typed = [str(call.body.get("otp")) for call in tenant.calls(TOKEN)]
    return [tenant.client_secret or "", *codes, *typed, "eyJhbGci", "eyJ0eXAi", "eyJraWQi"]


@pytest.mark.parametrize(("path", "fault"), EVERYTHING)
def test_nothing_in_logs_pages_and_addresses(
    path: str,
    fault: str,
    browser: Browser,
    tenant: LocalTenant,
    configure: Configure,
    caplog: pytest.LogCaptureFixture,
) -> None:
    configure(TIMEOUT=(0.5, 0.5), RESEND_COOLDOWN=0)
    caplog.set_level(logging.DEBUG)
    steps = go_wrong(browser, tenant, path, fault)
    for secret in (*secrets_of(tenant), ANN, "ben@example.com"):
        assert secret not in caplog.text
    for step in steps:
        text = step.content.decode() + str(step.headers)
        assert not [secret for secret in secrets_of(tenant) if secret in text]
        assert urlsplit(step.headers.get("Location", "")).query in ("", "next=/in/")


@pytest.mark.parametrize(("path", "fault"), [("id_token", "wrong_aud"), (TOKEN, "access_denied")])
def test_nothing_in_the_session_afterwards(
    path: str, fault: str, browser: Browser, tenant: LocalTenant
) -> None:
    go_wrong(browser, tenant, path, fault)
    stored = str(dict(browser.client.session.items()))
    assert not [secret for secret in (*secrets_of(tenant), ANN) if secret in stored]


def test_nothing_of_a_good_login(
    browser: Browser, tenant: LocalTenant, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    begun, asked = browser.ask(), browser.get("verify")
    steps = [begun, browser.answer(), browser.post("logout")]
    text = caplog.text + "".join(step.content.decode() + str(step.headers) for step in steps)
    assert not [secret for secret in (*secrets_of(tenant), ANN) if secret in text]
    page = asked.content.decode() + str(asked.headers)
    assert not [secret for secret in secrets_of(tenant) if secret in page]


def test_address_is_on_no_page_but_where_its_code_is_typed(
    half_way: Browser, tenant: LocalTenant
) -> None:
    tenant.fail(START, "server_error")
    for response in (half_way.get("verify"), half_way.answer("x")):
        assert response.content.decode().count(ANN) == 1
        assert ANN not in str(response.headers)
    for response in (half_way.get("link"), half_way.post("resend")):
        assert ANN not in response.content.decode()


@pytest.mark.parametrize("name", ["login", "verify"])
def test_error_report_hides_what_was_typed(name: str, half_way: Browser) -> None:
    """Django's own reports leave the fields of these forms out."""
    request = half_way.post(name, identifier="ben@example.com", code="000000").wsgi_request
    assert request.sensitive_post_parameters == "__ALL__"
    assert reverse(f"pwdless:{name}") == request.path
