from __future__ import annotations

from typing import Any

import django
import pytest

from . import MINIMAL, ids

ON = {**MINIMAL, "NOTICES": ["new_sign_in"], "BASE_URL": "https://www.example.com"}
BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def mailer(**options: Any) -> dict[str, Any]:
    """The settings of a mailer, as this Django has them."""
    if django.VERSION >= (6, 1):
        return {"MAILERS": {"default": {"BACKEND": BACKEND, "OPTIONS": options}}}
    return {f"EMAIL_{name.upper()}": value for name, value in options.items()}


QUICK = mailer(timeout=5)


def test_mail_has_a_timeout() -> None:
    assert ids(ON, **QUICK) == []
    assert ids(ON, **mailer()) == ids(ON, **mailer(timeout=None)) == ["pwdless.W095"]
    assert ids(**mailer()) == []


@pytest.mark.parametrize("hosts", [["*"], [".example.com"], ["a.example", "b.example"]])
def test_mail_leads_to_one_host(hosts: list[str]) -> None:
    on = {**ON, "BASE_URL": None}
    assert ids(on, deploy=True, ALLOWED_HOSTS=hosts, **QUICK) == ["pwdless.E095"]
    assert ids(on, deploy=True, ALLOWED_HOSTS=["a.example"], **QUICK) == []
    assert ids(ON, deploy=True, ALLOWED_HOSTS=hosts, **QUICK) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (["new_sign_in", "new_sign_in"], ["pwdless.E007"]),
        (["new_sign_on"], ["pwdless.E006"]),
        ("new_sign_in", ["pwdless.E004"]),
        ([], []),
    ],
)
def test_names(value: Any, found: list[str]) -> None:
    assert ids({**ON, "NOTICES": value}, **QUICK) == found


@pytest.mark.parametrize("days", [0, -1, 36501])
def test_days_of_events(days: int) -> None:
    assert ids({**MINIMAL, "EVENT_DAYS": days}) == ["pwdless.E005"]
