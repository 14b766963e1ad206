from __future__ import annotations

from typing import Any

import pytest

from tests.mailers import mailer

from . import MINIMAL, ids

ON = {**MINIMAL, "NOTICES": ["new_sign_in"], "BASE_URL": "https://www.example.com"}
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
