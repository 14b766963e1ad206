"""How the tenant is configured to behave: one field a switch, all with a default."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from .answers.documented_errors import CHALLENGE, START
from .dashboard import DASHBOARD_CHOICES, Dashboard
from .dashboard import switch as _switch
from .token_faults import ACCESS_TOKEN_FAULTS
from .token_faults import FAULTS as TOKEN_FAULTS


@dataclass
class Switches(Dashboard):
    """What can be changed about the tenant while it runs; attributes are checked when set."""

    sign_ups: bool = _switch(True, 'No is "Disable Sign Ups".')
    connections: str = _switch("email sms", "The passwordless connections there are.")
    token_fault: str | None = _switch(None, "How the next ID tokens are wrong.")
    access_token_fault: str | None = _switch(None, "How the next access tokens are wrong.")
    unknown_audiences: bool = _switch(
        False, 'An audience that nobody added is an API too; no is "Service not found".'
    )
    exhausted_on_third: bool = _switch(
        True, "The third wrong code already is one too many, not the fourth."
    )
    expired_as_wrong: bool = _switch(False, "An expired code is answered like a wrong one.")
    bad_secret_as_access_denied: bool = _switch(
        False, "A wrong secret gets access_denied, as at some tenants."
    )
    bot_detection: str | None = _switch(
        None, "The row that /passwordless/start asks for a CAPTCHA with."
    )
    sms_error: str | None = _switch(None, "The row that the SMS provider fails with.")
    brute_force_limit: int = _switch(10, "Wrong codes per address and identifier; 0 for no limit.")
    start_limit: int = _switch(
        50, "Starts an hour per address without client authentication; 0 for no limit."
    )
    code_lifetime: int = _switch(180, "Seconds that a code or link lasts.")
    code_length: int = _switch(6, "Digits of a code.")
    id_token_lifetime: int = _switch(36000, "Seconds that an ID token lasts.")
    embedded_sid: bool = _switch(
        True, "ID tokens of codes typed at the site have a sid too, of no session here."
    )
    algorithm: str = _switch("RS256", "What ID tokens are signed with.")
    latency: float = _switch(0.0, "Seconds that each answer takes.")
    connection_latency: float = _switch(
        0.0, "Seconds that the first answer on a new connection takes on top."
    )
    mail_link: str | None = _switch(
        None, "What the mail template makes of a code: https://site/link/#code={{ code }}."
    )
    links_without_session: bool = _switch(
        True, "Links work in any browser (allow_magiclink_verify_without_session)."
    )
    link_nonce: bool = _switch(True, "The nonce of a link comes back in its ID token.")
    mail_scanner: bool = _switch(False, "Something on the way follows every link that is mailed.")
    callback_fault: str | None = _switch(None, "What comes to the callback in place of a code.")
    mfa_on_request: bool = _switch(
        True, "Asking for multi-factor at /authorize has an effect: an Action listens."
    )
    mfa_for_links: bool = _switch(True, "Links of people with a second factor meet mfa_required.")
    mfa_required_status: int = _switch(403, "The status of mfa_required, or 401.")
    authenticators_have_type: bool = _switch(
        True, "They are listed with type, a feature that Auth0 switches on."
    )
    oob_channels_as_list: bool = _switch(
        False, "They are listed with oob_channels, a list, for oob_channel."
    )
    recovery_codes: bool = _switch(True, "The first enrollment gives one.")
    paired_factors: bool = _switch(
        True, "Enrolling a text brings calls along, a push the authenticator app."
    )
    last_factor_stays: bool = _switch(False, "Nobody's last second factor can be deleted.")
    disabled_factors: str = _switch("", "What cannot be enrolled: sms voice.")
    push_answer: str | None = _switch(
        None, "How pushes are answered by themselves; none waits for a person."
    )
    push_pending: int = _switch(0, "Polls that still get authorization_pending before that.")
    push_denial: str = _switch("push_denied", "The row that a denied push is answered with.")
    mfa_delivery_error: str | None = _switch(
        None, "The row that sending a second factor fails with."
    )
    mfa_limits: bool = _switch(
        True, "10 wrong codes an hour, 12 exchanges a minute, messages a person."
    )

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a switch; raise ValueError for a name, type or choice that does not fit."""
        defaults = _defaults()
        if name not in defaults:
            raise ValueError(f"no switch {name!r}; there are {', '.join(defaults)}")
        if not _fits(value, defaults[name]):
            raise ValueError(f"{value!r} does not fit the switch {name!r}")
        choices = CHOICES.get(name)
        if choices and value is not None and value not in choices:
            raise ValueError(f"no {name} {value!r}; there are {', '.join(choices)}")
        super().__setattr__(name, value)


#: What can come to the callback instead of a code.
CALLBACK_FAULTS = (
    *("access_denied", "blocked", "cancelled", "expired", "wrong_code", "login_required"),
    *("consent_required", "interaction_required", "invalid_request", "server_error"),
    *("temporarily_unavailable", "hostile_text", "neither", "fragment"),
)

#: The switches whose values have names.
CHOICES: dict[str, tuple[str, ...]] = {
    "token_fault": tuple(TOKEN_FAULTS),
    "access_token_fault": tuple(ACCESS_TOKEN_FAULTS),
    "bot_detection": tuple(START),
    "sms_error": tuple(START),
    "callback_fault": CALLBACK_FAULTS,
    "push_answer": ("approve", "deny"),
    "push_denial": ("push_denied", "push_denied_as_invalid_grant"),
    "mfa_delivery_error": tuple(CHALLENGE),
    "algorithm": ("RS256", "PS256", "HS256"),
    **DASHBOARD_CHOICES,
}


@cache
def _defaults() -> dict[str, Any]:
    return {field.name: field.default for field in fields(Switches)}


def _fits(value: Any, default: Any) -> bool:
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, (int, float)):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, str) or (value is None and default is None)
