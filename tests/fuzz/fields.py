"""Every form field and query parameter that a page of the app reads, and what it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .texts import CODES, IDENTIFIERS, NUMBERS, TARGETS, TEXTS, WRITTEN_BY_AUTH0

METHOD = st.sampled_from(["email-code", "email-link", "sms-code", "universal", ""]) | TEXTS
FACTOR = st.sampled_from(["otp", "phone", "push-notification", "email", "recovery-code"]) | TEXTS
CHANNEL = st.sampled_from(["sms", "voice", "email", ""]) | TEXTS
KEYS = st.integers(-2, 9).map(str) | st.sampled_from(["9" * 30, "1.0", "01", "٣"]) | TEXTS
AUTHENTICATOR = st.sampled_from(["sms|dev_1", "totp|dev_2", "recovery-code|dev_3"]) | TEXTS
STATE = st.from_regex(r"[\w-]{43}", fullmatch=True) | TEXTS
ERROR = st.sampled_from(["access_denied", "unauthorized", "server_error", "login_required"]) | TEXTS

# By the name of a URL, in a form; ``next`` is read from forms and addresses alike.
POSTED: Mapping[str, Mapping[str, SearchStrategy[str]]] = {
    "login": {"identifier": IDENTIFIERS, "method": METHOD, "reconfirm": KEYS},
    "verify": {"code": CODES},
    "resend": {"method": METHOD},
    "link_sent": {},
    "link": {"identifier": IDENTIFIERS, "code": CODES},
    "callback": {},
    "universal": {},
    "logout": {},
    "logged_out": {},
    "mfa": {"authenticator": AUTHENTICATOR},
    "mfa_challenge": {"code": CODES},
    "mfa_poll": {},
    "mfa_enroll": {"factor": FACTOR, "phone_number": NUMBERS | TEXTS, "channel": CHANNEL},
    "recovery_codes": {},
    "factors": {},
    "factors_refresh": {},
    "factor_add": {"factor": FACTOR, "phone_number": NUMBERS | TEXTS, "channel": CHANNEL},
    "factors_done": {},
    "factor_remove": {},
    "identities": {},
    "identity_add": {"identifier": IDENTIFIERS},
    "identity_remove": {},
    "sign_ins": {},
    "sign_ins_end_others": {},
    "sign_in_end": {},
    "backchannel_logout": {"logout_token": TEXTS},
}
# By the name of a URL, in its address.
ASKED: Mapping[str, Mapping[str, SearchStrategy[str]]] = {
    "login": {
        "confirm": st.sampled_from(["1", "0"]) | TEXTS,
        "moved": st.sampled_from(["1", "0"]) | TEXTS,
    },
    "identities": {"remove": KEYS},
    "callback": {
        "state": STATE,
        "code": CODES,
        "error": ERROR,
        "error_description": st.sampled_from([WRITTEN_BY_AUTH0, "Wrong code, expired"]) | TEXTS,
    },
    "universal": {
        "method": METHOD,
        "mfa": st.sampled_from(["1", "0"]) | TEXTS,
        "factors": st.sampled_from(["1", "0"]) | TEXTS,
        "moved": st.sampled_from(["1", "0"]) | TEXTS,
        "max_age": st.sampled_from(["0", "60", "9" * 10, "9" * 4400, "-1", "٦٠"]) | TEXTS,
    },
}
EVERYWHERE: Mapping[str, SearchStrategy[str]] = {"next": TARGETS}
