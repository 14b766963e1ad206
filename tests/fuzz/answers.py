"""What could come back from Auth0, or from whatever stands between: any answer over HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from django_pwdless.localtenant.answers.documented_errors import ERROR_TABLES
from tests.auth0.calls import CALLS

from .json_values import JSON, changed
from .texts import TEXTS, WRITTEN_BY_AUTH0

# Words of the wire, so that what is drawn gets beyond the first check.
WORDS = st.sampled_from(
    """
    otp oob prompt sms voice auth0 email phone recovery-code push-notification webauthn-roaming
    mfa_required invalid_grant access_denied sms_provider_error bad.connection RSA sig RS256 AQAB
    """.split()  # noqa: SIM905
)
ERRORS = sorted({row.error for rows in ERROR_TABLES.values() for row in rows.values() if row.error})
DESCRIPTIONS = sorted(
    {row.description for rows in ERROR_TABLES.values() for row in rows.values() if row.description}
)
REQUIREMENTS = {
    "challenge": [{"type": "otp"}, {"type": "phone"}],
    "enroll": [{"type": "otp"}, {"type": "push-notification"}],
    "challenge_types": ["otp", "oob"],
}
MFA_REQUIRED = {
    "error": "mfa_required",
    "error_description": "Multifactor authentication required",
    "mfa_token": "Fe26.2*1*mfa-token",
    "mfa_requirements": REQUIREMENTS,
}
AUTHENTICATORS = [
    {"id": "totp|dev_1", "authenticator_type": "otp", "active": True, "type": "otp"},
    {
        "id": "sms|dev_2",
        "authenticator_type": "oob",
        "oob_channel": "sms",
        "active": True,
        "name": "XXXX0100",
    },
    {"id": "push|dev_3", "authenticator_type": "oob", "oob_channels": ["auth0"], "name": "Phone"},
    {"id": "recovery-code|dev_4", "authenticator_type": "recovery-code", "active": True},
]
GOOD = [*(call.success for call in CALLS.values()), MFA_REQUIRED, AUTHENTICATORS, {"keys": []}]
REFUSALS = st.fixed_dictionaries(
    {"error": st.sampled_from(ERRORS) | WORDS | JSON},
    optional={
        "error_description": st.sampled_from([*DESCRIPTIONS, WRITTEN_BY_AUTH0]) | JSON,
        "mfa_token": st.just("Fe26.2*1*mfa-token") | TEXTS | JSON,
        "mfa_requirements": changed(REQUIREMENTS) | JSON,
        "code": st.sampled_from(ERRORS) | JSON,
        "description": TEXTS,
    },
)
VALUES: SearchStrategy[Any] = (
    st.sampled_from(GOOD).flatmap(changed) | REFUSALS | JSON | st.lists(REFUSALS, max_size=3)
)

# What no JSON serializer writes.
BODIES = [
    *(b"", b"\0", b"null", b"NaN", b"[", b'{"a":1}{"a":2}', b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf"),
    *(b'{"error":"mfa_required","mfa_token":"x","error":"invalid_grant"}', b'{"error":"\\ud800"}'),
    *(b"[" * 90_000, b'{"a":' * 90_000, b"[" * 9000 + b"]" * 9000, b"9" * 5000, b"1e999", b"-"),
    *(b'{"id_token":"' + b"x" * 2_000_000, b"<!doctype html><title>502</title>", b'{"keys":[{}]}'),
]  # fmt: skip
BODY = VALUES.map(lambda value: json.dumps(value).encode()) | st.sampled_from(BODIES) | st.binary()
STATUSES = st.sampled_from([200, 400, 401, 403, 429, 500]) | st.integers(200, 599)

TIMES = (
    st.sampled_from(["0", "-1", "7", "1.5", "9" * 30, "inf", "soon", "٣", "", " 5 ", "1e3", "0x1"])
    | st.sampled_from(["Wed, 21 Oct 2065 07:28:00 GMT", "Wed, 21 Oct 1965 07:28:00 -0000"])
    | st.from_regex(r"(\w{3}, )?\d{1,5}[ -]\w{3}[ -]\d{1,12}( \d\d?[:.]\d+){0,3}( \S{0,6})?")
)
HEADERS = {
    "Retry-After": TIMES | TEXTS,
    "x-ratelimit-reset": TIMES | TEXTS,
    "Content-Type": st.sampled_from(["application/json; charset=\ud800", "text/html", "x/y;;;=;"]),
    "Content-Encoding": st.sampled_from(["gzip", "br", "x", "identity, gzip"]),
    "Location": st.sampled_from(["https://evil.example/", "//[", "/oauth/token", "\\"]),
    "Set-Cookie": st.sampled_from(["a=b", "=; expires=x; max-age=y", "a=b; domain=.." + "x" * 999]),
    "WWW-Authenticate": TEXTS,
}


@dataclass(frozen=True)
class DrawnAnswer:
    """One answer of HTTP's; ``headers`` are what their line can carry."""

    status: int
    headers: dict[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"DrawnAnswer({self.status}, {self.headers}, {self.body[:2000]!r})"


def as_header(text: str) -> str:
    """What the line of a header can carry."""
    kept = text.encode("utf-8", "replace").decode("latin-1")
    return "".join(char for char in kept if char.isprintable())[:3000].strip()


ANSWERS = st.builds(
    DrawnAnswer,
    STATUSES,
    st.fixed_dictionaries({}, optional={k: v.map(as_header) for k, v in HEADERS.items()}),
    BODY,
)
