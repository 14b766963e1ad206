"""A refresh and a revocation, each with every fault of the tenant.

The cells are those of tests/journeys/faults: what an answer means to a refresh token, the contract
says by its code.
"""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.exceptions import Misconfigured, TokenUnavailable, Unavailable
from django_pwdless.localtenant.answers.documented_errors import REVOKE as REVOKE_ROWS
from django_pwdless.localtenant.answers.documented_errors import TOKEN as ROWS
from django_pwdless.localtenant.faults.armed import FAULTS
from django_pwdless.localtenant.token_faults import FAULTS as TOKEN_FAULTS
from django_pwdless.localtenant.token_faults import HARMLESS, NONCE_FAULTS, PROFILE_FAULTS
from tests.journeys.browser import TOKEN, Browser
from tests.journeys.conftest import Configure
from tests.journeys.faults.meanings import NO_TOKEN, ROW_MEANINGS, Meaning
from tests.journeys.faults.test_matrix import AFTERWARDS

from .conftest import DAY, REVOKE, refreshes, row
from .test_refreshing import get

pytestmark = pytest.mark.django_db

REVOKED, MFA_REQUIRED = "revoked", "mfa_required"
# What reads well and is none, or is for somebody else, is not kept; nor is it asked for again.
NOT_KEPT = "not_kept"


def meaning_of_row(name: str) -> Any:
    """What the contract makes of a row: a reason, or an exception that keeps the refresh token."""
    status, error, text = ROWS[name].status, ROWS[name].error, ROWS[name].description or ""
    if status >= 500 or status == 429:
        return Unavailable
    if error == "mfa_required":
        return MFA_REQUIRED
    if ROW_MEANINGS[name] is Meaning.MISCONFIGURED or text == "Unauthorized":
        return Misconfigured
    return REVOKED if error in ("invalid_grant", "access_denied") else Unavailable


def meaning_of(fault: str) -> Any:
    return meaning_of_row(fault) if fault in ROWS else Unavailable


@pytest.fixture
def due(signed_in: Browser, clock: Any, configure: Configure) -> Browser:
    """Somebody whose access token has just expired, at a tenant that forgives a second try."""
    signed_in.tenant.switches.refresh_leeway = 60
    clock.shift(DAY)
    configure(TIMEOUT=(3, 0.6))
    return signed_in


def outcome_of_get() -> Any:
    try:
        return get()
    except TokenUnavailable as error:
        return error.reason
    except (Unavailable, Misconfigured) as error:
        return type(error)


def is_kept_after(meaning: Any, due: Browser, clock: Any) -> None:
    """The refresh token is good for the next time, or over for good."""
    is_over = meaning in (REVOKED, NOT_KEPT)
    # Past the wait for an answer that was lost.
    clock.shift(6)
    found = outcome_of_get()
    assert (found in (REVOKED, NOT_KEPT)) == is_over, found
    assert is_over or found.count(".") == 2
    assert len(refreshes(due.tenant)) == (1 if is_over else 2)
    assert bool(row().tokens) != is_over


@pytest.mark.rows(1)
@pytest.mark.parametrize("fault", [*FAULTS, *ROWS])
def test_refresh_with_every_fault(
    fault: str, due: Browser, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    due.tenant.fail(TOKEN, fault)
    meaning = meaning_of(fault)
    assert outcome_of_get() == meaning
    due.tenant.recover()
    if fault == "refused":
        # Nothing was asked: there is nothing to wait for.
        assert outcome_of_get().count(".") == 2 and len(refreshes(due.tenant)) == 1
    else:
        is_kept_after(meaning, due, clock)
    assert "eyJ" not in caplog.text and "v1." not in caplog.text


@pytest.mark.rows(1)
@pytest.mark.parametrize("fault", AFTERWARDS)
def test_refresh_whose_answer_is_lost(fault: str, due: Browser, clock: Any) -> None:
    """The rotation is done at Auth0."""
    due.tenant.fail(TOKEN, fault, after=True)
    assert outcome_of_get() is Unavailable
    due.tenant.recover()
    is_kept_after(Unavailable, due, clock)


@pytest.mark.rows(1)
@pytest.mark.parametrize("fault", TOKEN_FAULTS)
def test_refresh_with_every_bad_id_token(fault: str, due: Browser, clock: Any) -> None:
    due.tenant.token_fault = fault
    found = outcome_of_get()
    due.tenant.token_fault = None
    is_fine = fault in HARMLESS | PROFILE_FAULTS | NONCE_FAULTS
    if is_fine:
        assert found.count(".") == 2
    elif fault not in NO_TOKEN:
        assert found == NOT_KEPT and not row().tokens
    else:
        # An answer without one is allowed; of a wrong shape it is none.
        assert found is Unavailable or found.count(".") == 2
    assert len(refreshes(due.tenant)) == 1


@pytest.mark.rows(1)
@pytest.mark.parametrize("fault", [*FAULTS, *REVOKE_ROWS])
def test_logout_with_every_fault_of_the_revocation(
    fault: str, signed_in: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    signed_in.tenant.fail(REVOKE, fault)
    assert signed_in.post("logout").status_code == 302
    signed_in.tenant.recover()
    assert signed_in.user_id is None
    assert len(signed_in.tenant.calls(REVOKE)) <= 1
    lines = [line for line in caplog.records if line.name == "django_pwdless"]
    assert [line.levelname for line in lines] in ([], ["WARNING"])
    assert "v1." not in caplog.text
