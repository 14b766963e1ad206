"""Sessions that another version of the package wrote, or that were tampered with."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from django_pwdless.flows.account.logout import LOGOUT_KEY
from django_pwdless.localtenant import LocalTenant
from django_pwdless.session.login_record import LOGIN_KEY, RECOVERY_KEY
from django_pwdless.session.pending_login import PENDING_KEY
from django_pwdless.session.redirect_states import STATES_KEY
from django_pwdless.session.stored import seal, unseal
from tests.journeys.browser import Browser

from .effort import examples
from .json_values import JSON, changed
from .pages import check_answer
from .sessions import STATES, copied, stored, taken_back
from .submissions import Submission
from .texts import TEXTS

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Generating overly large")]

SEALED = (PENDING_KEY, STATES_KEY, RECOVERY_KEY)
OURS = (*SEALED, LOGIN_KEY, LOGOUT_KEY)
PAGES = [
    Submission(name, method, 1, [], [("code", "000000"), ("factor", "otp")])
    for name in ("login", "verify", "link", "mfa", "mfa_challenge", "mfa_poll", "mfa_enroll")
    for method in ("GET", "POST")
]
PAGES += [
    Submission(name, method, 1, [("code", "x")], [])
    for name in ("resend", "link_sent", "callback", "universal", "logout", "logged_out")
    for method in ("GET", "POST")
]
PAGES += [
    Submission(name, method, 1, [], [("identifier", "new@example.com")])
    for name in ("recovery_codes", "identities", "identity_add", "identity_remove", "login")
    for method in ("GET", "POST")
]


def sealed_anew(text: str) -> SearchStrategy[str]:
    """What is sealed, changed and sealed again, also in its inner seal; or the seal broken."""
    value = unseal(text)
    ways = changed(value).map(seal) | TEXTS | st.just(text[:-9] + "A" * 9)
    if isinstance(value, dict) and value.get("mfa"):
        ways |= sealed_anew(value["mfa"]).map(lambda inner: seal({**value, "mfa": inner}))
    return ways


def altered(session: dict[str, Any]) -> SearchStrategy[dict[str, Any]]:
    """A session with one of our values changed."""

    def at(key: str) -> SearchStrategy[dict[str, Any]]:
        value = session.get(key)
        ways: SearchStrategy[Any] = JSON | changed(value)
        if key in SEALED and value:
            ways = sealed_anew(value)
        return ways.map(lambda new: {**session, key: new})

    keys = [key for key in OURS if key in session]
    return st.sampled_from(keys or OURS).flatmap(at)


def test_any_stored_value_is_read_or_forgotten(
    prepared: dict[str, Browser], tenant: LocalTenant
) -> None:
    before = {state: stored(browser) for state, browser in prepared.items()}

    @examples(8)
    @given(
        st.sampled_from(sorted(STATES)).flatmap(
            lambda state: st.tuples(st.just(state), altered(before[state]))
        ),
        st.sampled_from(PAGES),
    )
    def check(drawn: tuple[str, dict[str, Any]], page: Submission) -> None:
        state, session = drawn
        browser = copied(prepared[state], tenant)
        with taken_back():
            kept = browser.client.session
            kept.update(json.loads(json.dumps(session)))
            kept.save()
            check_answer(page.send(browser.client), tenant_url=tenant.base_url, name=page.name)
            assert browser.user_id in (None, session.get("_auth_user_id"))

    check()
