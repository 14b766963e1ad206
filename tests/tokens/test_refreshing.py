"""What each answer to a refresh means; and who refreshes where several want to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.test import TestCase

from django_pwdless.auth0.http.errors import Answer, error_from
from django_pwdless.exceptions import Misconfigured, TokenUnavailable, Unavailable
from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.answers.documented_errors import TOKEN as ROWS
from django_pwdless.models import SignIn
from django_pwdless.provider import get_client
from django_pwdless.sign_ins.liveness import mark_of
from django_pwdless.tokens import get_access_token_for
from django_pwdless.tokens.kept_tokens import KeptTokens
from django_pwdless.tokens.lease import Lease
from django_pwdless.tokens.refreshing import meaning_of
from tests.journeys.browser import KEYS, TOKEN, Browser
from tests.journeys.conftest import Configure
from tests.meanwhile import PATIENCE, closing, held

from .conftest import DAY, REVOKE, before, refreshes, row, value

pytestmark = pytest.mark.django_db(transaction=True)

UNAUTHORIZED = (401, "access_denied", "Unauthorized")
KEPT, ENDED = True, False


def get() -> str:
    """The newest token of the only user there is."""
    return get_access_token_for(get_user_model().objects.get()).value


@pytest.fixture
def due(signed_in: Browser, clock: Any) -> Browser:
    """A person whose access token has just expired."""
    clock.shift(DAY)
    return signed_in


# What an answer means

ANSWERS: list[tuple[int, str, str, Any, bool]] = [
    (403, "invalid_grant", "Unknown or invalid refresh token.", "revoked", ENDED),
    (403, "invalid_grant", "reused refresh token detected", "revoked", ENDED),
    (400, "invalid_grant", "", "revoked", ENDED),
    (403, "access_denied", "An Action says no.", "revoked", ENDED),
    (401, "access_denied", "An Action says no.", "revoked", ENDED),
    (403, "mfa_required", "Multifactor authentication required", "mfa_required", KEPT),
    (401, "mfa_required", "Multifactor authentication required", "mfa_required", KEPT),
    (*UNAUTHORIZED, Misconfigured, KEPT),
    (403, "access_denied", "Unauthorized", Misconfigured, KEPT),
    (401, "invalid_client", "", Misconfigured, KEPT),
    (403, "unauthorized_client", "Grant type not allowed", Misconfigured, KEPT),
    (401, "unauthorized", "user is blocked", Unavailable, KEPT),
    (401, "invalid_token", "", Unavailable, KEPT),
    (429, "too_many_requests", "", Unavailable, KEPT),
    (429, "invalid_grant", "", Unavailable, KEPT),
    (429, "access_denied", "", Unavailable, KEPT),
    (500, "server_error", "", Unavailable, KEPT),
    (503, "invalid_grant", "", Unavailable, KEPT),
    (500, "mfa_required", "", Unavailable, KEPT),
]


@pytest.mark.parametrize(("status", "error", "text", "meaning", "keeps"), ANSWERS)
def test_what_a_refusal_means(
    status: int, error: str, text: str, meaning: Any, keeps: bool, due: Browser
) -> None:
    due.tenant.answer(TOKEN, status, error, text, times=1)
    if isinstance(meaning, str):
        with pytest.raises(TokenUnavailable) as caught:
            get()
        assert caught.value.reason == meaning
    else:
        with pytest.raises(meaning):
            get()
    assert len(refreshes(due.tenant)) == 1
    if keeps:
        assert get() and len(refreshes(due.tenant)) == 2
    else:
        with pytest.raises(TokenUnavailable, match="revoked"):
            get()
        assert len(refreshes(due.tenant)) == 1


@pytest.mark.parametrize("name", ROWS)
def test_each_row_of_the_tenant_means_something(name: str) -> None:
    response = ROWS[name].to_response()
    answer = Answer(response.status_code, dict(response.headers), response.get_json())
    assert meaning_of(error_from(answer)) in {
        *("revoked", "mfa_required", "misconfigured", "unavailable", "lost"),
    }


@pytest.mark.parametrize(("status", "error", "text", "meaning", "keeps"), ANSWERS)
def test_while_the_old_token_has_time_left(
    status: int,
    error: str,
    text: str,
    meaning: Any,
    keeps: bool,
    signed_in: Browser,
    clock: Any,
) -> None:
    """No answer costs nothing yet; a "no" of Auth0's counts at once."""
    old = value(signed_in)
    clock.shift(DAY - 30)
    signed_in.tenant.answer(TOKEN, status, error, text, times=1)
    if meaning is Unavailable:
        assert get() == old
    else:
        with pytest.raises((TokenUnavailable, Misconfigured)):
            get()


@pytest.mark.parametrize("times", [1, 3])
def test_silence_keeps_the_refresh_token(times: int, due: Browser) -> None:
    for _ in range(times):
        due.tenant.fail(TOKEN, "refused")
        with pytest.raises(Unavailable):
            get()
        due.tenant.recover()
    assert get()


def test_expired_without_refresh_token(browser: Browser, configure: Configure, clock: Any) -> None:
    configure(SCOPE="openid profile email")
    browser.sign_in()
    clock.shift(DAY - 1)
    assert get()
    clock.shift(1)
    with pytest.raises(TokenUnavailable, match="expired"):
        get()
    assert not refreshes(browser.tenant)


def test_tokens_of_somebody_else_are_dropped(
    due: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    (family,) = due.tenant.state.refresh_tokens._families.values()
    object.__setattr__(family.login.person, "sub", "email|0123456789")
    due.tenant.state.people.add(family.login.person)
    with pytest.raises(TokenUnavailable, match="not_kept"):
        get()
    assert row().tokens == "" and "somebody else" in caplog.text


@pytest.mark.parametrize("fault", ["alg_none", "wrong_aud", "no_signature", "expired"])
def test_refresh_whose_id_token_fails_is_dropped(fault: str, due: Browser) -> None:
    due.tenant.token_fault = fault
    with pytest.raises(TokenUnavailable, match="not_kept"):
        get()


def test_rotation_is_kept_where_the_id_token_cannot_be_read_yet(
    due: Browser, clock: Any, configure: Configure
) -> None:
    """The tenant signs with a new key, and its key set cannot be had."""
    get_client().prepare_keys()
    due.tenant.rotate_keys()
    due.tenant.fail(KEYS, "server_error")
    with pytest.raises(Unavailable):
        get()
    assert len(refreshes(due.tenant)) == 1
    due.tenant.recover()
    clock.shift(31)
    configure()
    assert get() and len(refreshes(due.tenant)) == 2


# An answer that was lost


@pytest.mark.parametrize("fault", ["reset", "closed", "timeout", "empty", "truncated"])
def test_lost_answer_is_tried_once_more(
    fault: str, due: Browser, clock: Any, configure: Configure
) -> None:
    get_client().prepare_keys()
    configure(TIMEOUT=(3, 0.2))
    due.tenant.switches.refresh_leeway = 30
    due.tenant.fail(TOKEN, fault, times=1, after=True)
    with pytest.raises(Unavailable):
        get()
    configure(TIMEOUT=(3, 10))
    clock.shift(4)
    with pytest.raises(Unavailable):
        get()
    assert len(refreshes(due.tenant)) == 1
    clock.shift(1.5)
    assert get() and len(refreshes(due.tenant)) == 2


def test_second_try_past_the_leeway_ends_it(due: Browser, clock: Any) -> None:
    due.tenant.fail(TOKEN, "closed", times=1, after=True)
    with pytest.raises(Unavailable):
        get()
    clock.shift(6)
    with pytest.raises(TokenUnavailable, match="revoked"):
        get()


def test_second_answer_that_is_lost_ends_it(due: Browser, clock: Any) -> None:
    due.tenant.fail(TOKEN, "closed", times=2, after=True)
    with pytest.raises(Unavailable):
        get()
    clock.shift(6)
    with pytest.raises(TokenUnavailable, match="revoked"):
        get()
    assert row().tokens == "" and len(refreshes(due.tenant)) == 2


def test_second_try_that_is_refused_for_now_is_still_to_come(due: Browser, clock: Any) -> None:
    due.tenant.switches.refresh_leeway = 30
    due.tenant.fail(TOKEN, "closed", times=1, after=True)
    with pytest.raises(Unavailable):
        get()
    clock.shift(6)
    due.tenant.fail(TOKEN, "rate_limited", times=1)
    with pytest.raises(Unavailable):
        get()
    assert get()


def test_lost_answer_costs_nothing_while_the_old_token_lasts(
    signed_in: Browser, clock: Any
) -> None:
    old = value(signed_in)
    clock.shift(DAY - 30)
    signed_in.tenant.fail(TOKEN, "closed", times=1, after=True)
    assert get() == old == get()
    assert len(refreshes(signed_in.tenant)) == 1


def test_process_that_died_with_the_lease_is_taken_over_from(due: Browser, clock: Any) -> None:
    """Its refresh may have been done: what comes after it is the second try."""
    assert Lease.take(row())
    clock.shift(31)
    assert get()
    assert Lease.take(row())
    clock.shift(DAY)
    due.tenant.fail(TOKEN, "closed", times=1)
    with pytest.raises(TokenUnavailable, match="revoked"):
        get()


def test_two_processes_that_died_end_it(due: Browser, clock: Any) -> None:
    for _ in range(2):
        assert Lease.take(row())
        clock.shift(31)
    with pytest.raises(TokenUnavailable, match="revoked"):
        get()
    assert not refreshes(due.tenant)


def test_process_that_wakes_too_late_changes_nothing(due: Browser, clock: Any) -> None:
    late = Lease.take(row())
    clock.shift(31)
    fresh = get()
    assert late and not late.commit("stale")
    late.end("revoked")
    assert get() == fresh


# Transactions


@pytest.mark.parametrize("left", [0, 30])
def test_due_refresh_inside_a_transaction_is_an_error(
    left: int, signed_in: Browser, clock: Any
) -> None:
    clock.shift(DAY - left)
    with transaction.atomic(), pytest.raises(RuntimeError, match="transaction"):
        get()
    assert not refreshes(signed_in.tenant)
    assert get()


def test_fresh_token_inside_a_transaction_is_none(signed_in: Browser) -> None:
    with transaction.atomic():
        assert get()


def test_due_refresh_without_autocommit_is_an_error(due: Browser) -> None:
    connection.set_autocommit(False)
    try:
        with pytest.raises(RuntimeError):
            get()
    finally:
        connection.rollback()
        connection.set_autocommit(True)


@pytest.mark.django_db(transaction=False)
def test_transaction_of_a_test_case_does_not_count(due: Browser) -> None:
    assert issubclass(TestCase, object) and connection.in_atomic_block
    assert get() and len(refreshes(due.tenant)) == 1


# Several at once


def all_wait(tenant: LocalTenant, count: int) -> list[Any]:
    """Get a token in so many threads; Auth0's answer comes once all but one wait for it.

    Errors are results.
    """
    looked = threading.Semaphore(0)

    def run() -> Any:
        with connection.execute_wrapper(Looks(is_held, looked)):
            try:
                return get()
            except Exception as error:
                return error

    with ThreadPoolExecutor(count) as pool:
        with held(tenant) as is_held:
            futures = [pool.submit(closing, run) for _ in range(count)]
            assert all(looked.acquire(timeout=PATIENCE) for _ in range(count - 1))
        return [future.result() for future in futures]


class Looks:
    """Says once that a thread has looked at the row while an answer is held: it only waits then."""

    def __init__(self, is_held: threading.Event, looked: threading.Semaphore) -> None:
        self.is_held, self.looked, self.is_said = is_held, looked, False

    def __call__(self, execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        is_held = self.is_held.is_set()
        result = execute(sql, *args)
        if is_held and not self.is_said and SignIn._meta.db_table in sql:
            self.is_said = True
            self.looked.release()
        return result


def test_one_refresh_for_all_who_ask_at_once(due: Browser) -> None:
    results = all_wait(due.tenant, 8)
    assert len(set(results)) == 1 and isinstance(results[0], str)
    assert len(refreshes(due.tenant)) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((403, "invalid_grant", ""), TokenUnavailable),
        ((403, "mfa_required", ""), TokenUnavailable),
        ((503, "server_error", ""), Unavailable),
        (UNAUTHORIZED, Misconfigured),
    ],
)
def test_those_who_wait_get_the_refusal_too(
    answer: tuple[int, str, str], error: type, due: Browser
) -> None:
    due.tenant.answer(TOKEN, *answer)
    results = all_wait(due.tenant, 4)
    assert [type(result) for result in results] == [error] * 4
    assert len(refreshes(due.tenant)) == 1


def test_token_read_before_the_lease_is_never_refreshed_with_again(due: Browser) -> None:
    """Whoever read the row before another refresh has come too late for a lease."""
    stale = row()
    assert get() and Lease.take(stale) is None


def test_result_whose_row_has_ended_is_revoked(due: Browser) -> None:
    before(due.tenant, "find", once=True, step=lambda: SignIn.objects.all().delete())
    with pytest.raises(TokenUnavailable, match="anonymous"):
        get()
    (revoked,) = due.tenant.calls(REVOKE)
    newest = list(due.tenant.state.refresh_tokens._families)[-1]
    assert revoked.body["token"] == newest


def test_result_that_a_login_has_overtaken_is_not_kept(due: Browser) -> None:
    first = row()
    kept = KeptTokens.of_row(first)
    assert kept is not None
    newer = replace(kept, access_token="newer", expires_at=kept.expires_at + DAY)
    columns = {"tokens": newer.sealed(first.user_id, mark_of(first.created_at))}
    replaced = {"tokens_version": 7, "refresh_state": "", "refresh_until": None}
    before(due.tenant, "find", once=True, step=lambda: SignIn.objects.update(**columns, **replaced))
    assert get() == "newer" and len(refreshes(due.tenant)) == 1
    assert not due.tenant.calls(REVOKE)


def test_database_that_takes_no_changes_refreshes_nothing(
    due: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.execute_wrapper(refuse_changes):
        for _ in range(2):
            with pytest.raises(Unavailable):
                get()
    assert not refreshes(due.tenant) and "refused to begin the refresh" in caplog.text
    assert get()


def refuse_changes(execute: Any, sql: str, *args: Any) -> Any:
    if sql.startswith("UPDATE"):
        raise DatabaseError("read-only")
    return execute(sql, *args)
