"""Checks of the notices: that no mail holds a login up, and that each leads to the site itself."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import django
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from .settings.values import about
from .tenant.origins import has_several_hosts


@about("NOTICES")
def check_mail_timeout(names: Any) -> Iterator[CheckMessage]:
    """A mail server that is silent holds up nobody's login for long."""
    if names and _timeout() is None:
        yield Warning(
            'PWDLESS["NOTICES"] are sent while a person waits, and EMAIL_TIMEOUT is not set. A '
            "mail server that does not answer holds up their sign-in.",
            hint='Write EMAIL_TIMEOUT = 5, or with MAILERS "OPTIONS": {"timeout": 5}.',
            id="pwdless.W095",
        )


def _timeout() -> Any:
    """Return the time-out of the mailer that Django uses."""
    mailers = getattr(settings, "MAILERS", None) if django.VERSION >= (6, 1) else None
    if isinstance(mailers, dict):
        default = mailers.get("default")
        options = default.get("OPTIONS") if isinstance(default, dict) else None
        return options.get("timeout") if isinstance(options, dict) else None
    with warnings.catch_warnings():
        # Django 6.1 wants MAILERS in its place, and says so itself.
        warnings.simplefilter("ignore")
        return getattr(settings, "EMAIL_TIMEOUT", None)


@about("NOTICES", "BASE_URL")
def check_one_host(names: Any, base_url: str | None) -> Iterator[CheckMessage]:
    """Nobody can choose by a Host header where a mail to somebody else leads."""
    if names and base_url is None and has_several_hosts():
        yield Error(
            'PWDLESS["NOTICES"] lead back to the site, ALLOWED_HOSTS lets in more than one host, '
            'and PWDLESS["BASE_URL"] is not set. Whoever signs in can choose where the mail leads.',
            hint='Write "BASE_URL": "https://www.example.com", or name one host in ALLOWED_HOSTS.',
            id="pwdless.E095",
        )
