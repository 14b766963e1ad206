"""Whatever Auth0 answers, only our own exceptions leave the client."""

from __future__ import annotations

import json
from typing import Any

import pytest
import responses
from hypothesis import given, settings
from hypothesis import strategies as st

from django_pwdless.auth0 import Auth0Client
from django_pwdless.auth0.types import FACTORS, Requirements
from django_pwdless.exceptions import PwdlessError

from .calls import CALLS
from .keys import BASE_URL, CLIENT_ID, JWKS_URL, jwk, rsa_key, token

# Words of the wire, so that what is drawn gets beyond the first check.
NAMES = st.sampled_from(
    """
    id_token access_token expires_in error error_description code description mfa_token
    mfa_requirements challenge challenge_types enroll type challenge_type oob_code binding_method
    authenticator_type oob_channel oob_channels id name active secret barcode_uri recovery_codes
    keys kid kty n e use alg d x5c
    """.split()  # noqa: SIM905
)
WORDS = st.sampled_from(
    """
    otp oob prompt sms auth0 recovery-code mfa_required invalid_grant access_denied
    sms_provider_error bad.connection RSA sig RS256 AQAB current
    """.split()  # noqa: SIM905
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=()))
    | WORDS
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(NAMES | st.text(), inner),
    max_leaves=20,
)
BODIES = JSON.map(lambda value: json.dumps(value).encode()) | st.binary()
STATUSES = st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 503])
CLIENT = Auth0Client(BASE_URL, CLIENT_ID)


@pytest.mark.parametrize("name", CALLS)
@settings(deadline=None)
@given(body=BODIES, status=STATUSES)
def test_any_answer_is_a_value_or_one_of_our_exceptions(
    name: str, body: bytes, status: int
) -> None:
    call = CALLS[name]
    with responses.RequestsMock() as tenant:
        tenant.add(call.method, BASE_URL + call.path, body=body, status=status)
        try:
            result = call.ask(CLIENT)
        except PwdlessError as error:
            result = error
    assert status < 300 or isinstance(result, PwdlessError)


@settings(deadline=None)
@given(JSON)
def test_any_requirements_name_known_factors(wire: Any) -> None:
    found = Requirements.from_wire(wire)
    assert {*found.challenge, *found.enroll} <= {*FACTORS.values()}


@settings(deadline=None, max_examples=50)
@given(entries=st.lists(st.dictionaries(NAMES, SCALARS) | JSON, max_size=4), status=STATUSES)
def test_any_key_set_beside_a_good_key_verifies(entries: list[Any], status: int) -> None:
    client = Auth0Client(BASE_URL, CLIENT_ID)
    signed = token(kid="good", key=rsa_key("good"))
    with responses.RequestsMock() as tenant:
        tenant.get(JWKS_URL, json={"keys": [jwk("good"), *entries]}, status=status)
        try:
            result: Any = client.verify_id_token(signed)
        except PwdlessError as error:
            result = error
    assert isinstance(result, dict if status < 300 else PwdlessError)


@settings(deadline=None)
@given(body=BODIES, status=STATUSES)
def test_any_key_set_is_used_or_refused(body: bytes, status: int) -> None:
    client = Auth0Client(BASE_URL, CLIENT_ID)
    with responses.RequestsMock() as tenant:
        tenant.get(JWKS_URL, body=body, status=status)
        with pytest.raises(PwdlessError):
            client.verify_id_token(token())
