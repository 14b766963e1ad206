"""Whatever is sent to whichever page, in any state of a session: no error, and no surprise."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_pwdless.localtenant import LocalTenant
from django_pwdless.session.pending_login import PENDING_KEY
from tests.journeys.browser import Browser

from .effort import examples
from .guarantees import Moment, check_calls
from .pages import check_answer
from .sessions import STATES, copied, stored, taken_back
from .submissions import SUBMISSIONS, Submission

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Generating overly large")]

# Pages whose GET remembers something: a way out to Auth0, and that logging out there is under way.
REMEMBERING = {"universal", "logged_out", "callback"}
# Pages that never touch a login that is under way.
HARMLESS = {"universal", "recovery_codes", "identities", "identity_remove", "logged_out"}


def test_any_request_in_any_state(prepared: dict[str, Browser], tenant: LocalTenant) -> None:
    @examples(20)
    @given(st.sampled_from(sorted(STATES)), SUBMISSIONS)
    def check(state: str, submission: Submission) -> None:
        browser = copied(prepared[state], tenant)
        moment = Moment.of(tenant, browser)
        with taken_back():
            answer = submission.send(browser.client)
            check_answer(answer, tenant_url=tenant.base_url, name=submission.name)
            if "Cookie" not in submission.headers and state != "ended":
                check_stored(submission, moment.session, stored(browser))
            check_calls(tenant, moment, name=submission.name, method=submission.method)

    check()


def check_stored(submission: Submission, before: dict[str, Any], after: dict[str, Any]) -> None:
    """The session holds nothing that cannot be stored, and only what the step may change."""
    if submission.method != "POST" and submission.name not in REMEMBERING:
        assert after == before
    if submission.name in HARMLESS:
        assert after.get(PENDING_KEY) == before.get(PENDING_KEY)
    if submission.name not in {"logout", "sign_in_end"}:
        assert after.get("_auth_user_id") == before.get("_auth_user_id")
    json.dumps(after, allow_nan=False, ensure_ascii=False).encode()
