"""What a site and its log hear of second factors that come and go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django_pwdless import signals
from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ANN
from tests.journeys.mfa.browser import MFABrowser

from .browser import Own
from .test_adding import new_app_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Iterator[list[tuple[str, Any, str]]]:
    """Signal, user and factor, in order."""
    told: list[tuple[str, Any, str]] = []

    def added(*, user: Any, factor: str, **kwargs: Any) -> None:
        told.append(("added", str(user.pk), factor))

    def removed(*, user: Any, factor: str, **kwargs: Any) -> None:
        told.append(("removed", str(user.pk), factor))

    signals.factor_added.connect(added)
    signals.factor_removed.connect(removed)
    yield told
    signals.factor_added.disconnect(added)
    signals.factor_removed.disconnect(removed)


def events(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, str]]:
    """Event, factor and user of each record about factors."""
    fields = ("pwdless_event", "pwdless_method", "pwdless_user")
    records = [tuple(getattr(line, name, "") for name in fields) for line in caplog.records]
    return [record for record in records if str(record[0]).startswith("factor_")]


def test_one_added_and_one_removed(
    proven: Own, told: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "django_pwdless.events")
    browser = proven("sms", "recovery-code")
    browser.add("otp")
    browser.prove(new_app_code(browser))
    browser.remove(browser.id_of("otp"))
    user = browser.user_id
    assert told == [("added", user, "otp"), ("removed", user, "otp")]
    assert events(caplog) == [("factor_added", "otp", user), ("factor_removed", "otp", user)]


def test_first_one_at_a_login(
    tenant: LocalTenant, told: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "django_pwdless.events")
    browser = MFABrowser(tenant)
    browser.person = tenant.add_person(ANN, mfa="enroll")
    browser.ask()
    browser.answer()
    browser.post("mfa_enroll", factor="otp")
    browser.prove(tenant.totp(browser.person))
    assert told == [("added", browser.user_id, "otp")]
    assert events(caplog) == [("factor_added", "otp", browser.user_id)]


def test_step_up_is_told_as_one(signed_in: Own, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "django_pwdless.events")
    browser = signed_in("otp")
    caplog.clear()
    browser.prove_now()
    lines: list[Any] = caplog.records
    told = [
        (line.pwdless_event, line.pwdless_reason)
        for line in lines
        if getattr(line, "pwdless_event", "")
    ]
    assert told == [("sign_in", "step-up")]
