"""What the session keeps between two steps: threats 9 (a state that leaks) and 11."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.backends.cache import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from django_pwdless.exceptions import StepMissing
from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.limits.tries import begin
from django_pwdless.session.pending_login import PENDING_KEY, PendingLogin
from django_pwdless.session.stored import seal
from tests.clocks import stop_time
from tests.outages import OUTAGES

ANN = "ann@example.com"


@pytest.fixture(autouse=True)
def clock(time_machine: Any, settings: Any) -> Any:
    return stop_time(time_machine, settings)


@pytest.fixture
def request_(settings: Any) -> HttpRequest:
    settings.PWDLESS = {**settings.PWDLESS, "PENDING_LIFETIME": 900, "RESEND_COOLDOWN": 30}
    request = RequestFactory().post("/")
    request.session = SessionStore()
    return request


def ann(**more: Any) -> PendingLogin:
    fields = {"method": "email-code", "connection": "email", "identifier": ANN, **more}
    return PendingLogin(**fields)


def test_nothing_is_pending_in_a_new_session(request_: HttpRequest) -> None:
    assert PendingLogin.load(request_) is None
    with pytest.raises(StepMissing):
        PendingLogin.require(request_)


def test_saved_and_loaded(request_: HttpRequest) -> None:
    pending = ann(next_url="/in/")
    pending.save(request_)
    assert PendingLogin.load(request_) == PendingLogin.require(request_) == pending


def test_survives_the_session_store(request_: HttpRequest) -> None:
    pending = ann(next_url="/in/")
    pending.mark_sent()
    pending.save(request_)
    request_.session.save()
    other = RequestFactory().post("/")
    other.session = SessionStore(request_.session.session_key)
    assert PendingLogin.load(other) == pending


def test_second_login_replaces_the_first(request_: HttpRequest) -> None:
    ann().save(request_)
    ben = ann(identifier="ben@example.com")
    ben.save(request_)
    assert PendingLogin.load(request_) == ben


def test_each_has_an_id_of_its_own(request_: HttpRequest) -> None:
    assert ann().id != ann().id


def test_cleared_login_is_forgotten(request_: HttpRequest) -> None:
    ann().save(request_)
    PendingLogin.clear(request_)
    assert PendingLogin.load(request_) is None
    PendingLogin.clear(request_)


@pytest.mark.parametrize(("seconds", "is_there"), [(0, True), (899, True), (900, False)])
def test_forgotten_after_its_lifetime(
    seconds: int, is_there: bool, request_: HttpRequest, clock: Any
) -> None:
    ann().save(request_)
    clock.shift(seconds)
    assert (PendingLogin.load(request_) is not None) is is_there


def test_message_begins_the_lifetime_again(request_: HttpRequest, clock: Any) -> None:
    pending = ann()
    clock.shift(600)
    pending.mark_sent()
    pending.save(request_)
    clock.shift(899)
    assert PendingLogin.load(request_) == pending


@pytest.mark.parametrize("is_sealed", [True, False])
@pytest.mark.parametrize(
    "stored",
    [None, "", 5, [], {}, {"identifier": ANN}, {"method": "email-code", "unknown": 1}, [ANN]],
)
def test_what_another_version_stored_is_nothing(
    stored: Any, is_sealed: bool, request_: HttpRequest
) -> None:
    request_.session[PENDING_KEY] = seal(stored) if is_sealed else stored
    assert PendingLogin.load(request_) is None


@pytest.mark.parametrize(
    ("seconds", "wait"), [(0, 30), (1, 29), (29, 1), (30, 0), (31, 0), (-100, 30)]
)
def test_wait_until_the_next_message(
    seconds: int, wait: int, request_: HttpRequest, clock: Any
) -> None:
    pending = ann()
    pending.mark_sent()
    clock.shift(seconds)
    assert pending.resend_wait == wait


def test_no_wait_before_the_first_message(request_: HttpRequest) -> None:
    assert ann().resend_wait == 0


@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.5, 0.9])
def test_wait_is_never_over_too_early(fraction: float, request_: HttpRequest, clock: Any) -> None:
    clock.shift(fraction)
    pending = ann()
    pending.mark_sent()
    clock.shift(29.99)
    assert pending.resend_wait > 0


@pytest.mark.parametrize(("tries", "left"), [(0, None), (1, 2), (2, 1), (3, 0), (4, 0)])
def test_tries_left_go_down_to_none(tries: int, left: int | None) -> None:
    pending = ann()
    for _ in range(tries):
        pending.count_wrong_try()
    assert pending.tries_left == left


def test_tries_are_those_of_the_address_in_any_session() -> None:
    begin(Identifier("email", ANN))
    mine, other = ann(), ann()
    other.count_wrong_try()
    assert (mine.tries_left, other.tries_left) == (2, 2)
    begin(Identifier("email", ANN))
    assert (mine.tries_left, other.tries_left) == (None, None)


def test_tries_of_a_second_factor_are_the_logins_own() -> None:
    pending = ann(mfa="sealed")
    pending.count_wrong_try()
    assert (pending.wrong_tries, ann().tries_left) == (1, None)


@pytest.mark.parametrize("backend", OUTAGES)
def test_tries_without_the_cache_are_the_sessions(backend: str, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": backend}}
    pending = ann()
    pending.count_wrong_try()
    assert (pending.tries_left, ann().tries_left) == (2, None)


def test_new_message_has_all_its_tries() -> None:
    pending = ann()
    pending.count_wrong_try()
    begin(pending.to_identifier())
    assert pending.tries_left is None


def test_pending_login_knows_whom_it_is_for() -> None:
    assert ann().to_identifier() == Identifier("email", ANN)


@pytest.mark.parametrize(
    "difference",
    [
        {"identifier": "ben@example.com"},
        {"identifier": "Ann@example.com"},
        {"connection": "sms"},
        {"method": "email-link"},
        {"kind": "identity-add"},
    ],
)
def test_bound_to_kind_connection_and_identifier(difference: dict[str, str]) -> None:
    # threat 10: what one flow began is of no use to another.
    assert ann().matches(ann(next_url="/elsewhere/"))
    assert not ann().matches(ann(**difference))


def test_saved_at_once_where_the_session_has_ended(request_: HttpRequest) -> None:
    request_.session.save()
    SessionStore(request_.session.session_key).delete()
    with pytest.raises(StepMissing):
        ann().save_at_once(request_)
    assert not request_.session.modified
