"""A site that uses all there is, and a doctor that looks at it and at the local tenant."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command

from django_pwdless.localtenant import LocalTenant
from tests.mailers import mailer

API = "https://api.local.example/"
SITE = "https://shop.example"
#: Nothing listens there.
CLOSED_PORT = 1
#: Everything on: each line of the doctor's concerns this site.
EVERYTHING: dict[str, Any] = {
    "METHODS": ["email-code", "email-link", "sms-code", "universal"],
    "CUSTOMIZE_MFA": True,
    "LOGOUT": "auth0",
    "BASE_URL": SITE,
    "AUDIENCE": API,
    "SCOPE": "openid profile email offline_access",
    "PHONE_REGIONS": ["DE", "AT"],
    "API_AUDIENCE": "https://own.example/",
    "SIGN_INS": True,
    "BACKCHANNEL_LOGOUT": True,
}


@dataclass(frozen=True)
class Report:
    """What a run printed, and its exit status."""

    status: int
    stdout: str
    stderr: str

    @property
    def lines(self) -> dict[str, dict[str, str]]:
        """The lines of ``--json``, by id."""
        return {line["id"]: line for line in json.loads(self.stdout)["lines"]}

    def having(self, *statuses: str) -> set[str]:
        """The ids of the lines that have one of these statuses."""
        return {name for name, line in self.lines.items() if line["status"] in statuses}


Doctor = Callable[..., Report]


def use_mail_backend(settings: Any, path: str, **options: Any) -> None:
    """Have Django send its mail by a backend: the name of one of its own, or a path."""
    path = path if "." in path else f"django.core.mail.backends.{path}.EmailBackend"
    for name, value in mailer(path, **options).items():
        setattr(settings, name, value)


def send_mail_to(settings: Any, port: int) -> None:
    """Have Django send its mail to a port of this machine."""
    use_mail_backend(settings, "smtp", host="127.0.0.1", port=port)


@pytest.fixture
def doctor(db: None, settings: Any) -> Doctor:
    """Run the command with its arguments, on a site that would send its mail."""
    send_mail_to(settings, CLOSED_PORT)

    def run(*arguments: str, **options: Any) -> Report:
        stdout, stderr, status = io.StringIO(), io.StringIO(), 0
        try:
            call_command("pwdless_doctor", *arguments, stdout=stdout, stderr=stderr, **options)
        except SystemExit as end:
            status = int(str(end.code))
        return Report(status, stdout.getvalue(), stderr.getvalue())

    return run


@pytest.fixture
def everything(
    configure: Callable[..., None], pwdless_tenant: LocalTenant, settings: Any
) -> LocalTenant:
    """A tenant and a site with all that the doctor looks at, as it should be."""
    configure(**EVERYTHING)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django_pwdless.middleware.SignInMiddleware"]
    pwdless_tenant.switches.management_limit = 0
    client = pwdless_tenant.client
    client.callbacks = [f"{SITE}/accounts/callback/"]
    client.backchannel_logout_url = f"{SITE}/accounts/backchannel-logout/"
    client.logout_urls = [f"{SITE}/accounts/logged-out/"]
    pwdless_tenant.add_api(API)
    pwdless_tenant.add_api("https://own.example/")
    return pwdless_tenant


@pytest.fixture
def management(monkeypatch: pytest.MonkeyPatch, everything: LocalTenant) -> LocalTenant:
    """The same, with a token of the Management API in the environment."""
    monkeypatch.setenv("AUTH0_MANAGEMENT_TOKEN", everything.management_token())
    return everything
