"""From an exception to its page: the outcome table, and threat 24 (texts of others)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils.functional import Promise

from django_pwdless import exceptions as exc
from django_pwdless.pages.problems import problem_from

SECRET = "what-auth0-wrote"


def family(root: type[exc.PwdlessError]) -> Iterator[type[exc.PwdlessError]]:
    yield root
    for kind in root.__subclasses__():
        yield from family(kind)


def example(kind: type[exc.PwdlessError]) -> exc.PwdlessError:
    arguments: dict[type, tuple[Any, ...]] = {
        exc.Misconfigured: (SECRET,),
        exc.MFARequired: (SECRET,),
        exc.LimitExceeded: (5,),
        exc.SentJustNow: (5,),
        exc.LoginRefused: ("denied",),
        exc.BearerRefused: (401,),
        exc.TokenUnavailable: ("expired",),
        exc.CallbackRefused: ("state_unknown",),
    }
    return kind(*arguments.get(kind, ()))


KINDS = sorted(set(family(exc.PwdlessError)), key=lambda kind: str(kind))


@pytest.mark.parametrize(
    ("error", "outcome", "status"),
    [
        (exc.LimitExceeded(5), "rate_limited", 429),
        (exc.SentJustNow(5), "rate_limited", 429),
        (exc.RateLimited(5), "rate_limited", 429),
        (exc.TooManyAttempts(), "too_many_attempts", 429),
        (exc.Unavailable(), "unavailable", 503),
        (exc.DeliveryFailed(), "not_delivered", 503),
        (exc.LimitsUnavailable(), "unavailable", 503),
        (exc.Misconfigured("change this"), "unavailable", 503),
        (exc.AccessDenied(), "refused", 403),
        (exc.InvalidSignature(), "refused", 403),
        (exc.InvalidNonce(), "refused", 403),
        (exc.LoginRefused("blocked"), "refused", 403),
        (exc.LoginRefused("denied"), "refused", 403),
        (exc.LoginRefused("inactive"), "refused", 403),
        (exc.LoginRefused("unknown"), "refused", 403),
        (exc.LoginRefused("token"), "refused", 403),
        (exc.LoginRefused("conflict"), "conflict", 403),
        (exc.LoginRefused("mfa"), "mfa_required", 403),
        (exc.VerificationRequired(), "verification_required", 403),
    ],
)
def test_each_exception_has_its_outcome_and_status(
    error: exc.PwdlessError, outcome: str, status: int
) -> None:
    problem = problem_from(error)
    assert (problem.outcome, problem.status) == (outcome, status)


@pytest.mark.parametrize(("error"), [exc.LimitExceeded(7), exc.RateLimited(7)])
def test_limit_says_how_long_to_wait(error: exc.PwdlessError) -> None:
    assert problem_from(error).retry_after == 7


@pytest.mark.parametrize(
    ("error", "offers"),
    [
        (exc.VerificationRequired(), True),
        (exc.LoginRefused("mfa"), True),
        (exc.LoginRefused("denied"), False),
        (exc.Unavailable(), False),
    ],
)
def test_universal_login_as_the_way_on(error: exc.PwdlessError, offers: bool) -> None:
    assert problem_from(error).offers_universal is offers


@pytest.mark.parametrize("kind", KINDS)
def test_every_exception_has_a_page_of_our_own_words(kind: type[exc.PwdlessError]) -> None:
    problem = problem_from(example(kind))
    assert 400 <= problem.status <= 503
    assert isinstance(problem.title, Promise) and isinstance(problem.text, Promise)
    assert SECRET not in f"{problem.title}{problem.text}"


def test_every_outcome_is_in_the_reference() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "pages.md"
    table = page.read_text(encoding="utf-8").partition("## Statuses")[2]
    listed = set(re.findall(r"^\|[^|]+\|[^|]+\| `(\w+)` \|", table, re.MULTILINE))
    callbacks = ["state_unknown", "link_expired", "link_unusable"]
    errors = [
        *map(example, KINDS),
        *map(exc.CallbackRefused, callbacks),
        *map(exc.LoginRefused, ["conflict", "mfa"]),
    ]
    assert listed - {"outcome"} == {problem_from(error).outcome for error in errors}
