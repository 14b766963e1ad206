"""Odd answers of Auth0's at each step of a login: a page of ours, and pages of ours after it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from werkzeug import Response

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.faults.armed import ArmedFault
from django_pwdless.session.redirect_states import STATES_KEY
from django_pwdless.session.stored import unseal
from tests.auth0.calls import APP, OUT_OF_BAND
from tests.auth0.calls import CHALLENGE as CHALLENGED
from tests.journeys.browser import ASSOCIATE, CHALLENGE, LIST, NUMBER, START, TOKEN, Browser

from .answers import AUTHENTICATORS, BODIES, HEADERS, MFA_REQUIRED, REFUSALS, VALUES, as_header
from .effort import examples
from .guarantees import TOKENS
from .json_values import JSON, changed
from .pages import check_answer
from .sessions import PHONE, copied, stored, taken_back
from .texts import ADDRESSES, TEXTS

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Generating overly large")]

# In which state of a session which form is sent.
STEPS = [
    ("anonymous", "login", {"identifier": "new@example.com"}),
    ("anonymous", "login", {"identifier": "new@example.com", "method": "email-link"}),
    ("anonymous", "link", {"identifier": "new@example.com", "code": "000000"}),
    ("code", "resend", {}),
    ("code", "verify", {"code": "000000"}),
    ("text", "verify", {"code": "000000"}),
    ("universal", "callback", {}),
    ("choice", "mfa", {}),
    ("choice", "mfa", {"authenticator": "sms"}),
    ("app", "mfa_challenge", {"code": "000000"}),
    ("sms", "mfa_challenge", {"code": "000000"}),
    ("sms", "resend", {}),
    ("recovery", "mfa_challenge", {"code": "A" * 24}),
    ("push", "mfa_poll", {}),
    ("enroll", "mfa_enroll", {"factor": "otp"}),
    ("enroll", "mfa_enroll", {"factor": "push-notification"}),
    ("enroll", "mfa_enroll", PHONE),
    ("enroll_app", "mfa_challenge", {"code": "000000"}),
    ("signed_in", "identity_add", {"identifier": "new@example.com"}),
    ("adding", "verify", {"code": "000000"}),
    ("confirming", "verify", {"code": "000000"}),
]
AFTERWARDS = ["login", "verify", "link", "mfa", "mfa_challenge", "mfa_enroll", "recovery_codes"]

CLAIMS: dict[str, SearchStrategy[Any]] = {
    "email": ADDRESSES | JSON,
    "email_verified": st.booleans() | JSON,
    "phone_number": st.just(NUMBER) | TEXTS | JSON,
    "phone_number_verified": st.booleans() | JSON,
    "sub": st.sampled_from(["email|1", "x" * 255, "'; --"]) | TEXTS | JSON,
    "amr": st.just(["mfa"]) | JSON,
    "auth_time": JSON,
    "name": JSON,
}


@dataclass(frozen=True)
class Odd:
    """What Auth0 answers to one call; in ``claims`` is what a good ID token says besides."""

    status: int
    value: Any
    headers: dict[str, str]
    claims: dict[str, Any] | None = None

    def answer(self, id_token: str) -> Response:
        """Return it over HTTP."""
        value = self.value
        if self.claims is not None and isinstance(value, dict):
            value = {**value, "id_token": id_token}
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return Response(body, self.status, {"Content-Type": "application/json", **self.headers})


def odd(*good: Any, **more: Any) -> SearchStrategy[Odd]:
    """Something like these answers, or anything."""
    like = st.sampled_from(good).flatmap(lambda value: st.just(value) | changed(value))
    headers = {name: value.map(as_header) for name, value in HEADERS.items()}
    return st.builds(
        Odd,
        st.sampled_from([200, 200, 200, 200, 200, 403, 429]) | st.integers(200, 599),
        like | like | like | like | REFUSALS | VALUES | st.sampled_from(BODIES),
        st.just({}) | st.fixed_dictionaries({}, optional=headers),
        **more,
    )


RECOVERY = {"recovery_code": "N3BGRECOVERYCODE"}
ANSWERS = st.fixed_dictionaries(
    {
        START: odd({}),
        TOKEN: odd({}, RECOVERY, claims=st.none() | st.fixed_dictionaries({}, optional=CLAIMS))
        | odd(MFA_REQUIRED),
        LIST: odd(AUTHENTICATORS, AUTHENTICATORS[:1]),
        CHALLENGE: odd(CHALLENGED, {**CHALLENGED, "binding_method": None}),
        ASSOCIATE: odd(APP, OUT_OF_BAND, {**APP, "recovery_codes": ["N3BGRECOVERYCODE"]}),
    }
)


def send(browser: Browser, name: str, fields: dict[str, str], accept: str) -> Any:
    """Take the step."""
    if name == "callback":
        (state,) = unseal(stored(browser)[STATES_KEY])
        return browser.get("callback", state=state["value"], code="x")
    if fields.get("authenticator"):
        choices = browser.get("mfa").context["authenticators"]
        (found,) = (choice.id for choice in choices if choice.id.startswith("sms|"))
        fields = {"authenticator": found}
    return browser.client.post(reverse(f"pwdless:{name}"), fields, headers={"accept": accept})


def test_any_answer_at_any_step(
    prepared: dict[str, Browser], tenant: LocalTenant, configure: Any, clock: Any
) -> None:
    configure(LINK_BY_VERIFIED_EMAIL=True)
    clock.shift(31)

    @examples(5)
    @given(st.sampled_from(STEPS), ANSWERS, st.sampled_from(["application/json", "text/html"]))
    def check(step: Any, answers: dict[str, Odd], accept: str) -> None:
        state, name, fields = step
        browser = copied(prepared[state], tenant)
        before = stored(browser)
        token = answers[TOKEN]
        nonce = unseal(before[STATES_KEY])[0]["nonce"] if name == "callback" else None
        signed = tenant.id_token(**{"nonce": nonce, **(token.claims or {})})
        for path, drawn in answers.items():
            fault = ArmedFault(path, "odd", answer=lambda _, drawn=drawn: drawn.answer(signed))
            tenant.state.faults.arm(fault)
        with taken_back():
            answer = send(browser, name, fields, accept)
            check_answer(answer, tenant_url=tenant.base_url, name=name, may_fail=True)
            after = stored(browser)
            text = json.dumps(after, allow_nan=False, ensure_ascii=False)
            text.encode()
            assert not [start for start in TOKENS if start in text]
            if after.get("_auth_user_id") != before.get("_auth_user_id"):
                assert token.claims is not None and token.status < 300
            for page in AFTERWARDS:
                check_answer(browser.get(page), tenant_url=tenant.base_url, name=page)
        tenant.recover()

    check()
