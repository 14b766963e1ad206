"""Removing a second factor, never the last one."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from django_pwdless import signals
from tests.journeys.browser import ANN, BEN, LIST, outcome
from tests.journeys.conftest import Configure
from tests.journeys.test_session_races import twin
from tests.meanwhile import at_once

from .browser import FACTORS, FactorsBrowser, Own, remove_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Any:
    """The factors that the signal named."""
    said: list[str] = []

    def listen(*, factor: str, **kwargs: Any) -> None:
        said.append(factor)

    signals.factor_removed.connect(listen)
    yield said
    signals.factor_removed.disconnect(listen)


def said(browser: FactorsBrowser) -> list[str]:
    return [str(message) for message in browser.get("factors").context["messages"]]


def test_it_is_asked_first(proven: Own) -> None:
    browser = proven("otp", "sms")
    page = browser.ask_to_remove(browser.id_of("otp"))
    assert page.templates[0].name == "django_pwdless/factors/remove.html"
    assert page.context["authenticator"].factor == "otp"
    assert browser.enrolled == ["otp", "sms"] and browser.calls == []


def test_it_is_removed(proven: Own, heard: list[str]) -> None:
    browser = proven("otp", "sms", "recovery-code")
    id_ = browser.id_of("otp")
    assert outcome(browser.remove(id_)) == (302, FACTORS)
    assert browser.calls == [LIST, f"{LIST}/{id_}", LIST]
    assert browser.enrolled == ["sms", "recovery-code"]
    assert (browser.shown, heard) == (["sms", "recovery-code"], ["otp"])


@pytest.mark.parametrize(
    ("factors", "removed", "words", "left"),
    [
        (["sms", "voice", "otp"], "sms", "by text message or phone call.", ["totp"]),
        (
            ["push-notification", "otp", "sms"],
            "push-notification",
            "Notifications on your phone and codes from the same app will no longer work.",
            ["sms"],
        ),
    ],
)
def test_twin_goes_along_and_is_named(
    factors: list[str], removed: str, words: str, left: list[str], proven: Own
) -> None:
    browser = proven(*factors)
    page = browser.ask_to_remove(browser.id_of(removed))
    assert words in page.content.decode()
    browser.remove(browser.id_of(removed))
    assert browser.shown == left


@pytest.mark.parametrize(
    ("factors", "removed"),
    [
        (["otp"], "otp"),
        (["otp", "recovery-code"], "otp"),
        (["sms", "voice", "recovery-code"], "voice"),
        (["push-notification", "otp"], "push-notification"),
        (["push-notification", "otp", "recovery-code"], "otp"),
    ],
)
def test_last_factor_stays(factors: list[str], removed: str, proven: Own, heard: list[str]) -> None:
    """Threat 59; what goes along is no other one."""
    browser = proven(*factors)
    id_ = browser.id_of(removed)
    assert id_ not in browser.get("factors").context["removable"]
    assert outcome(browser.ask_to_remove(id_)) == (302, FACTORS)
    assert outcome(browser.remove(id_)) == (302, FACTORS)
    assert said(browser)[-1] == "This is your only second step. Add another first."
    assert (browser.enrolled, heard, browser.calls) == (factors, [], [LIST])


def test_last_factor_stays_where_the_list_is_old(proven: Own) -> None:
    """Another browser has removed the other one meanwhile."""
    browser = proven("otp", "sms")
    id_ = browser.id_of("otp")
    browser.person.factors = [f for f in browser.person.factors if f.factor == "otp"]
    assert outcome(browser.remove(id_)) == (302, FACTORS)
    assert browser.enrolled == ["otp"]


@pytest.mark.django_db(transaction=True)
def test_one_stays_of_two_that_are_removed_at_once(proven: Own, heard: list[str]) -> None:
    """In two tabs, or by two people who both know the way in."""
    browser = proven("otp", "sms")
    ids = [browser.id_of("otp"), browser.id_of("sms")]
    browser.tenant.switches.latency = 0.05

    def remove(id_: str) -> Any:
        return twin(browser).client.post(remove_page(id_))

    answers = at_once(*(partial(remove, id_) for id_ in ids))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(browser.enrolled) == len(heard) == 1


def test_the_last_one_goes_where_the_site_lets_it(proven: Own, configure: Configure) -> None:
    configure(FACTORS_REMOVE_LAST=True)
    browser = proven("otp", "recovery-code")
    assert outcome(browser.remove(browser.id_of("otp"))) == (302, FACTORS)
    assert browser.shown == ["recovery-code"]


def test_recovery_code_may_go(proven: Own) -> None:
    browser = proven("otp", "recovery-code")
    browser.remove(browser.id_of("recovery-code"))
    assert browser.shown == ["totp"]


def test_auth0_keeps_the_last_one(proven: Own, configure: Configure, heard: list[str]) -> None:
    configure(FACTORS_REMOVE_LAST=True)
    browser = proven("otp")
    browser.tenant.switches.last_factor_stays = True
    assert outcome(browser.remove(browser.id_of("otp"))) == (302, FACTORS)
    assert said(browser) == ["We cannot remove that second step."]
    assert (browser.enrolled, heard) == (["otp"], [])


def test_verified_address_stays(proven: Own) -> None:
    browser = proven("otp", "email")
    id_ = browser.id_of("email")
    assert browser.get("factors").context["removable"] == {browser.id_of("otp")}
    browser.remove(id_)
    assert said(browser) == ["We cannot remove that second step."]


# Ids


@pytest.mark.parametrize("id_", ["totp|dev_0", "x", "../x", "a/b", "%7C", "sms|dev_1/remove", "é"])
def test_id_of_no_list(id_: str, proven: Own) -> None:
    browser = proven("otp", "sms")
    assert browser.ask_to_remove(id_).status_code == 404
    assert browser.remove(id_).status_code == 404
    assert browser.calls == []


def test_id_of_somebody_elses_list(proven: Own) -> None:
    browser = proven("otp", "sms")
    other = browser.tenant.add_person(BEN, factors=["otp", "sms"], mfa=None)
    assert browser.remove(other.factor("otp").id).status_code == 404
    assert len(other.factors) == 2 and browser.calls == []


@pytest.mark.parametrize("id_", ["totp|dev_a/b?c#d", "totp|dev_%2F", "totp|é", "totp|dev a"])
def test_odd_id_is_encoded(id_: str, proven: Own) -> None:
    browser = proven("sms", {"factor": "otp", "id": id_})
    page = browser.get("factors").content.decode()
    assert remove_page(id_) in page
    assert browser.ask_to_remove(id_).status_code == 200
    assert outcome(browser.remove(id_)) == (302, FACTORS)


def test_twice(proven: Own, heard: list[str]) -> None:
    browser = proven("otp", "sms", "email")
    id_ = browser.id_of("otp")
    browser.remove(id_)
    calls = browser.calls
    assert outcome(browser.remove(id_)) == (302, FACTORS)
    assert outcome(browser.ask_to_remove(id_)) == (302, FACTORS)
    assert "Second step already removed." in said(browser)
    assert (browser.calls, heard) == (calls, ["otp"])


def test_removed_elsewhere_meanwhile(proven: Own, heard: list[str]) -> None:
    browser = proven("otp", "sms", "email")
    id_ = browser.id_of("otp")
    browser.tenant.add_person(ANN, factors=["sms", "email"], mfa=None)
    assert outcome(browser.remove(id_)) == (302, FACTORS)
    assert (browser.calls, heard) == ([LIST], [])
    assert browser.shown == ["sms", "email"]


def test_gone_between_list_and_removal(proven: Own, heard: list[str]) -> None:
    browser = proven("otp", "sms", "email")
    id_ = browser.id_of("otp")
    browser.tenant.fail(f"{LIST}/{id_}", "not_found", times=1)
    assert outcome(browser.remove(id_)) == (302, FACTORS)
    assert heard == []


# The proof, and outages


def test_without_a_proof_nothing_is_removed(signed_in: Own) -> None:
    browser = signed_in("otp", "sms")
    before = len(browser.tenant.requests)
    assert outcome(browser.remove(browser.id_of("otp"))) == (302, FACTORS)
    assert outcome(browser.ask_to_remove(browser.id_of("otp"))) == (302, FACTORS)
    assert len(browser.tenant.requests) == before and len(browser.enrolled) == 2


def test_ten_minutes_over(proven: Own, clock: Any) -> None:
    browser = proven("otp", "sms")
    clock.shift(601)
    assert outcome(browser.remove(browser.id_of("otp"))) == (302, FACTORS)
    assert browser.calls == [] and len(browser.enrolled) == 2


@pytest.mark.parametrize("fault", ["server_error", "rate_limited", "closed", "garbage"])
@pytest.mark.parametrize("at", ["list", "removal"])
def test_outage_can_be_tried_again(at: str, fault: str, proven: Own) -> None:
    browser = proven("otp", "sms", "email")
    id_ = browser.id_of("otp")
    browser.tenant.fail(LIST if at == "list" else f"{LIST}/{id_}", fault, times=1)
    answer = browser.remove(id_)
    assert answer.status_code == (429 if fault == "rate_limited" else 503)
    assert answer.context["retry_url"] == FACTORS
    assert browser.get("factors").context["step_up_url"] is None
    browser.post("factors_refresh")
    assert outcome(browser.remove(id_)) == (302, FACTORS)
    assert browser.enrolled == ["sms", "email"]


@pytest.mark.parametrize("fault", ["invalid_mfa_token", "insufficient_scope"])
def test_token_is_refused_before_its_time(fault: str, proven: Own) -> None:
    browser = proven("otp", "sms")
    id_ = browser.id_of("otp")
    browser.tenant.fail(f"{LIST}/{id_}", fault, times=1)
    assert outcome(browser.remove(id_)) == (302, FACTORS)
    assert browser.shown is None and len(browser.enrolled) == 2


def test_same_removal_again_after_the_outage(proven: Own, heard: list[str]) -> None:
    """Sent once more from the page before, without a look at the list."""
    browser = proven("otp", "sms", "email")
    id_ = browser.id_of("otp")
    browser.tenant.fail(LIST, "server_error", times=1)
    assert browser.remove(id_).status_code == 503
    assert outcome(browser.ask_to_remove(id_)) == (302, FACTORS)
    assert outcome(browser.remove(id_)) == (302, FACTORS)
    assert (browser.enrolled, heard) == (["sms", "email"], ["otp"])


def test_strange_id_after_the_outage(proven: Own) -> None:
    browser = proven("otp", "sms")
    browser.tenant.fail(LIST, "server_error", times=1)
    browser.post("factors_refresh")
    assert browser.remove("totp|dev_another").status_code == 404
    assert browser.calls == [LIST, LIST]


def test_page_that_says_nothing_removes_nothing(proven: Own, heard: list[str]) -> None:
    """Something between answers with a 200 of its own."""
    browser = proven("otp", "sms", "email")
    id_ = browser.id_of("otp")
    browser.tenant.fail(f"{LIST}/{id_}", "html", times=1)
    assert outcome(browser.remove(id_)) == (503, "unavailable")
    assert (browser.enrolled, heard) == (["otp", "sms", "email"], [])
    assert outcome(browser.remove(id_)) == (302, FACTORS)
    assert browser.enrolled == ["sms", "email"]


def test_removed_and_listed_all_the_same(proven: Own) -> None:
    """What Auth0 still lists can be removed again."""
    browser = proven("otp", "sms", "email")
    id_ = browser.id_of("otp")
    browser.tenant.fail(f"{LIST}/{id_}", "no_content", times=1)
    browser.remove(id_)
    assert browser.shown == ["totp", "sms", "email"]
    assert outcome(browser.remove(id_)) == (302, FACTORS)
    assert browser.shown == ["sms", "email"]
