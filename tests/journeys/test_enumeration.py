"""Nobody learns who has an account: threat 21."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from tests.sampling import sampled

from .browser import ANN, START, Browser, describe
from .conftest import Configure, NewBrowser

pytestmark = pytest.mark.django_db

Arrange = Callable[[LocalTenant], Any]


def known(tenant: LocalTenant) -> None:
    tenant.add_person(ANN)
    user = get_user_model().objects.create_user("ann", ANN)
    Identity.objects.create(user=user, issuer=tenant.issuer, subject="email|1", email=ANN)


def unknown(tenant: LocalTenant) -> None:
    """Nobody has the address."""


def blocked(tenant: LocalTenant) -> None:
    tenant.add_person(ANN, blocked=True)


def without_sign_ups(tenant: LocalTenant) -> None:
    tenant.sign_ups = False


def row(name: str) -> Arrange:
    def arrange(tenant: LocalTenant) -> None:
        tenant.fail(START, name)

    arrange.__name__ = name
    return arrange


OTHERS = [
    unknown,
    blocked,
    without_sign_ups,
    *map(row, ["signup_disabled", "blocked", "blocked_403"]),
    *map(row, ["user_is_blocked", "user_is_blocked_403"]),
]


@pytest.fixture
def cooldown(configure: Configure) -> None:
    configure(RESEND_COOLDOWN=0)


def walk(browser: Browser) -> list[Any]:
    """Everything a stranger can see from the first step to the last try."""
    browser.get("login")
    steps: list[Callable[[], Any]] = [
        lambda: browser.ask(),
        lambda: browser.get("verify"),
        lambda: browser.post("resend"),
        *[lambda: browser.answer("000000")] * 5,
        lambda: browser.get("verify"),
        lambda: browser.get("login"),
    ]
    return [describe(step()) for step in steps]


@pytest.fixture
def never_right(tenant: LocalTenant) -> None:
    """The code that is guessed is not the one that was sent."""
    tenant.state.codes.upcoming[:] = ["111111"] * 9


@pytest.mark.usefixtures("never_right", "clock")
@pytest.mark.parametrize("wait", sampled([30, 0], 2))
@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.__name__)
def test_same_answers_for_everybody(
    other: Arrange, wait: int, new_browser: NewBrowser, tenant: LocalTenant, configure: Configure
) -> None:
    """With a cooldown, the wait that the pages name is the same too."""
    configure(RESEND_COOLDOWN=wait)
    other(tenant)
    theirs = walk(new_browser())
    tenant.reset()
    tenant.state.codes.upcoming[:] = ["111111"] * 9
    known(tenant)
    same = [ours == his for ours, his in zip(walk(new_browser()), theirs, strict=True)]
    assert all(same), same


@pytest.mark.usefixtures("cooldown")
@pytest.mark.parametrize("step", ["login", "resend"])
@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.__name__)
def test_same_work_for_everybody(
    other: Arrange, step: str, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    work = []
    for arrange in (known, other):
        tenant.reset()
        get_user_model().objects.all().delete()
        browser = new_browser()
        browser.ask()
        arrange(tenant)
        calls = len(tenant.requests)
        with CaptureQueriesContext(connection) as queries:
            browser.post(step, identifier=ANN)
        work.append((len(queries), len(tenant.requests) - calls))
    assert work[0] == work[1]
    assert work[0][1] == 1


def test_blocked_person_at_the_code_step(browser: Browser, tenant: LocalTenant) -> None:
    browser.ask()
    tenant.add_person(ANN, blocked=True)
    page = browser.answer()
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["code"])
    assert page.context["tries_left"] == 2


@pytest.mark.parametrize("fault", ["unauthorized", "unauthorized_403"])
def test_blocked_looks_like_a_wrong_code(
    fault: str, half_way: Browser, tenant: LocalTenant
) -> None:
    tenant.fail("/oauth/token", fault, times=1)
    blocked = half_way.answer().context["form"].errors
    assert blocked == half_way.answer(half_way.wrong_code).context["form"].errors
