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


@pytest.mark.rows(4)
@pytest.mark.usefixtures("never_right", "clock")
@pytest.mark.parametrize("wait", [30, 0])
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


@pytest.mark.rows(4)
@pytest.mark.usefixtures("cooldown", "clock", "never_right")
@pytest.mark.parametrize("arrange", [known, *OTHERS], ids=lambda arrange: arrange.__name__)
def test_tries_are_counted_over_all_sessions(
    arrange: Arrange, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    """Threat 21: three wrong codes in one session, one in another: only a sent code wears out."""
    arrange(tenant)
    one, other = new_browser(), new_browser()
    other.ask()
    one.ask()
    left = [one.answer("000000").context["tries_left"] for _ in range(2)]
    left.append(other.answer("000000").context["tries_left"])
    page = other.answer("000000")
    left.append(page.context["tries_left"])
    assert left == [2, 1, 0, 0]
    assert "new code" in page.context["form"].errors["code"][0]
    assert one.get("verify").context["tries_left"] == 0
    # Another message brings another code, with all its tries, in both.
    other.post("resend")
    assert one.get("verify").context["tries_left"] is None
    assert one.answer("000000").context["tries_left"] == 2


@pytest.mark.usefixtures("cooldown", "never_right")
@pytest.mark.parametrize("arrange", [known, unknown, blocked], ids=lambda it: it.__name__)
@pytest.mark.parametrize("lifetime", [60, 180, 300])
def test_age_of_a_code_is_told_by_our_clock(
    lifetime: int,
    arrange: Arrange,
    clock: Any,
    new_browser: NewBrowser,
    tenant: LocalTenant,
    configure: Configure,
) -> None:
    """Auth0's own setting, which says "expired" of a sent code only, may differ."""
    configure(CODE_LIFETIME=lifetime)
    arrange(tenant)
    for wait, is_old in ((lifetime - 1, False), (lifetime + 1, True)):
        browser = new_browser()
        browser.ask()
        clock.shift(wait)
        page = browser.answer("000000")
        (said,) = page.context["form"].errors["code"]
        assert ("expired" in said and "new code" in said) is is_old
        assert (page.context["tries_left"], page.context["is_code_old"]) == (2, is_old)


@pytest.mark.parametrize("arrange", [known, unknown], ids=lambda it: it.__name__)
def test_codes_typed_on_any_device_use_up_tries(
    arrange: Arrange, half_way: Browser, new_browser: NewBrowser, tenant: LocalTenant
) -> None:
    arrange(tenant)
    new_browser().post("link", identifier=ANN, code="000000")
    assert half_way.get("verify").context["tries_left"] == 2
