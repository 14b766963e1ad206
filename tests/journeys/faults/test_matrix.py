"""Every step at which the app calls Auth0, with everything that can go wrong there.

The cells are the tenant's own lists: each fault of the endpoint, before its work and after it, and
each way in which an ID token can be wrong. Whatever it is, people get what the documentation says,
nothing is sent or spent twice, and the same browser comes to the end of its login afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.answers.documented_errors import ERROR_TABLES
from django_pwdless.localtenant.faults.armed import FAULTS, REFUSED
from django_pwdless.localtenant.faults.broken_connections import SPOILERS
from django_pwdless.localtenant.switches import CALLBACK_FAULTS
from django_pwdless.localtenant.token_faults import FAULTS as TOKEN_FAULTS
from tests.journeys.browser import ANN, LIST
from tests.journeys.conftest import Configure

from .act import Act
from .meanings import GENERAL, ROW_MEANINGS, START_GENERAL, Meaning, meaning_of, meaning_of_token
from .own_factors import OWN_STEPS
from .rules import AT_THE_CALLBACK, SUCCESS, expected
from .steps import STEPS as LOGIN_STEPS
from .steps import Step
from .visitor import Visitor

pytestmark = pytest.mark.django_db

STEPS = [*LOGIN_STEPS, *OWN_STEPS]
# Each lasts as long as the site's patience, so they happen once at each endpoint, where no call
# comes before that needs more of it.
SLOW = {"timeout", "timeout_within_body", "slow_drip", "slow_headers"}
CALLBACKS = [step for step in STEPS if step.kind == "callback" and not step.keys]
PATIENT = {step.endpoint: step for step in reversed(STEPS) if step.is_alone}.values()
# One step of each kind for each endpoint; the others are left out where time is short.
TYPICAL = {(step.endpoint, step.kind): step for step in reversed(STEPS)}.values()
MORE = (pytest.mark.thorough, pytest.mark.every_step)
# What is lost on its way is lost after the work; of the answers that nobody can use, one is enough.
# A removal is answered without a body, of which nothing can be lost.
OF_BODIES = {"reset_before_body", "reset_within_body", "closed_within_body", "endless"}
AFTERWARDS = [*(fault for fault in SPOILERS if fault not in SLOW), "server_error", "rate_limited"]


def faults_of(step: Step) -> Iterator[str]:
    """Everything that can go wrong with the endpoint of a step."""
    for fault in (*FAULTS, *step.rows):
        is_reached = fault != REFUSED or step.is_alone
        if is_reached and (fault not in SLOW or step in PATIENT):
            yield fault


def afterwards(step: Step) -> Iterable[str]:
    """What can happen to an answer once the endpoint has sent or spent something."""
    if step.endpoint.startswith(f"{LIST}/"):
        return [fault for fault in AFTERWARDS if fault not in OF_BODIES]
    return AFTERWARDS if step.does_work else ()


def token_faults_of(step: Step) -> Iterable[str]:
    return TOKEN_FAULTS if step.verifies else ()


def marked(steps: list[Step]) -> list[Any]:
    """Leave steps with one's own factors to "make test-all": tests/journeys/factors has them."""
    return [
        pytest.param(step, marks=pytest.mark.thorough) if step in OWN_STEPS else step
        for step in steps
    ]


def by_meaning(
    faults: Callable[[Step], Iterable[str]], meaning: Callable[[Step, str], Meaning | None]
) -> Iterator[Any]:
    """The faults of each step that mean the same there.

    Each fault is tried at one step at least, and one fault in each cell of a typical step; of these
    rows "make test" has a few.
    """
    cells: dict[tuple[str, Meaning], tuple[Step, Meaning, list[str]]] = {}
    for step in STEPS:
        for fault in faults(step):
            if (found := meaning(step, fault)) is not None:
                cells.setdefault((step.name, found), (step, found, []))[2].append(fault)
    tried: Counter[str] = Counter()
    for step, found, names in cells.values():
        if step in OWN_STEPS:
            cell, names = f"{step.name}-{found.name}", [*names]
            yield pytest.param(step, found, [names.pop(0)], id=cell, marks=pytest.mark.thorough)
        elif step in TYPICAL:
            first = [name for name in names if not tried[name]]
            first = first or [min(names, key=tried.__getitem__)]
            tried.update(first)
            yield pytest.param(step, found, first, id=f"{step.name}-{found.name}")
            names = [name for name in names if name not in first]
        if names:
            cell = f"{step.name}-{found.name}-more"
            yield pytest.param(step, found, names, id=cell, marks=MORE)


@pytest.mark.parametrize("endpoint", [None, *ERROR_TABLES])
def test_fault_has_a_meaning(endpoint: str | None) -> None:
    if endpoint is None:
        assert set(FAULTS) == GENERAL.keys() == START_GENERAL.keys()
    else:
        assert ERROR_TABLES[endpoint].keys() <= ROW_MEANINGS.keys()


def test_meaning_belongs_to_a_fault() -> None:
    assert ROW_MEANINGS.keys() == {name for rows in ERROR_TABLES.values() for name in rows}


@pytest.mark.rows(2)
@pytest.mark.parametrize("step", marked(STEPS), ids=lambda step: step.name)
def test_step_with_nothing_wrong_leads_on(
    step: Step, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    step.come(visitor)
    act = Act(step, visitor, caplog)
    assert act.calls[step.endpoint]
    act.holds(SUCCESS)
    act.goes_on(SUCCESS)


@pytest.mark.rows(1)
@pytest.mark.parametrize(("step", "meaning", "faults"), [*by_meaning(faults_of, meaning_of)])
def test_fault_is_answered_as_documented(
    step: Step,
    meaning: Meaning,
    faults: list[str],
    visitor: Visitor,
    tenant: LocalTenant,
    configure: Configure,
    caplog: pytest.LogCaptureFixture,
    subtests: pytest.Subtests,
) -> None:
    """One after the other while the login is where it was, as in an outage; then it goes on."""
    gets, is_there = expected(step.kind, meaning), False
    for fault in faults:
        with subtests.test(fault):
            if not is_there:
                step.come(visitor)
            configure(TIMEOUT=(3, 0.6 if fault in SLOW else 10))
            tenant.fail(step.endpoint, fault)
            act = Act(step, visitor, caplog)
            if fault in SLOW:
                act.wait_until_heard()
            tenant.recover()
            is_there = act.is_where_it_was(gets)
            assert act.calls[step.endpoint] == (fault != REFUSED)
            act.holds(gets)
            act.shows_nothing_of(step.rows.get(fault))
    configure(TIMEOUT=(3, 10))
    if step.keys == "new_key":
        # An unknown key is looked for again after a while.
        visitor.site.wait(31)
        visitor.site.restart()
        gets = replace(gets, goes_on=not step.spends_login)
    act.goes_on(gets)


@pytest.mark.rows(2)
@pytest.mark.parametrize(("step", "meaning", "faults"), [*by_meaning(afterwards, meaning_of)])
def test_answer_lost_after_the_work_is_no_dead_end(
    step: Step,
    meaning: Meaning,
    faults: list[str],
    visitor: Visitor,
    tenant: LocalTenant,
    caplog: pytest.LogCaptureFixture,
    subtests: pytest.Subtests,
) -> None:
    """The message is out, or the code is spent, and the site does not know."""
    gets = expected(step.kind, meaning)
    for fault in faults:
        with subtests.test(fault):
            step.come(visitor)
            tenant.fail(step.endpoint, fault, after=True)
            act = Act(step, visitor, caplog)
            tenant.recover()
            assert act.calls[step.endpoint] == 1
            act.holds(gets)
    act.goes_on(replace(gets, goes_on=not step.spends_login))


@pytest.mark.rows(1)
@pytest.mark.parametrize("step", marked(CALLBACKS), ids=lambda step: step.name)
def test_error_at_the_callback_is_answered_as_documented(
    step: Step,
    visitor: Visitor,
    tenant: LocalTenant,
    caplog: pytest.LogCaptureFixture,
    subtests: pytest.Subtests,
) -> None:
    """Something else comes back than a code."""
    for fault in CALLBACK_FAULTS:
        with subtests.test(fault):
            visitor.post("logout")
            tenant.switches.callback_fault = fault
            step.come(visitor)
            act = Act(step, visitor, caplog)
            tenant.switches.callback_fault = None
            assert not act.calls
            act.holds(AT_THE_CALLBACK[fault])
            assert "alert(1)" not in act.response.content.decode()
            if fault == "fragment" and step.is_first:
                # Nothing that reaches the site says where it was to lead.
                visitor.target, visitor.is_content = "/", lambda: True
            act.goes_on(AT_THE_CALLBACK[fault])


@pytest.mark.rows(2)
@pytest.mark.parametrize(
    ("step", "meaning", "faults"), [*by_meaning(token_faults_of, meaning_of_token)]
)
def test_bad_token_lets_nobody_in(
    step: Step,
    meaning: Meaning,
    faults: list[str],
    visitor: Visitor,
    tenant: LocalTenant,
    caplog: pytest.LogCaptureFixture,
    subtests: pytest.Subtests,
) -> None:
    gets = expected(step.kind, meaning)
    if meaning is Meaning.REFUSED:
        gets = replace(gets, is_logged=True)
    for fault in faults:
        with subtests.test(fault):
            step.come(visitor)
            tenant.token_fault = fault
            act = Act(step, visitor, caplog)
            tenant.token_fault = None
            assert act.calls[step.endpoint] == 1
            act.holds(gets)
            assert "eyJ" not in act.response.content.decode() + caplog.text
            assert ANN not in caplog.text
            is_known = visitor.stays is not None
            assert gets.is_success or get_user_model().objects.count() == is_known
    act.goes_on(replace(gets, goes_on=not step.spends_login))
