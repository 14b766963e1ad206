"""How the tenant is configured to behave: one field a switch, all with a default."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from .rows import CHALLENGE, START
from .token_faults import FAULTS as TOKEN_FAULTS


@dataclass
class Switches:
    """What can be changed about the tenant while it runs; attributes are checked when set."""

    #: ``False`` is "Disable Sign Ups" on the connections.
    sign_ups: bool = True
    #: Name of the way in which the next ID tokens are wrong; ``None`` for good ones.
    token_fault: str | None = None
    #: The third wrong code already gets the "maximum number of attempts" text.
    exhausted_on_third: bool = False
    #: An expired code is answered like a wrong one.
    expired_as_wrong: bool = False
    #: A wrong secret is answered with ``access_denied``, as some tenants do.
    bad_secret_as_access_denied: bool = False
    #: Name of the row that `/passwordless/start` asks a CAPTCHA with; ``None`` for none.
    bot_detection: str | None = None
    #: Name of the row that the SMS provider fails with; ``None`` while it works.
    sms_error: str | None = None
    #: Failed codes per address and identifier before ``too_many_attempts``; 0 for no limit.
    brute_force_limit: int = 10
    #: Starts per hour and address without client authentication; 0 for no limit.
    start_limit: int = 50
    #: Names of the passwordless connections that exist.
    connections: str = "email sms"
    #: Seconds that a code or link lives.
    code_lifetime: int = 180
    #: Digits of a code.
    code_length: int = 6
    #: Seconds that an ID token lives.
    id_token_lifetime: int = 36000
    #: Algorithm of ID tokens: RS256, PS256 or HS256.
    algorithm: str = "RS256"
    #: Seconds each answer takes.
    latency: float = 0.0
    #: Seconds the first answer on a new connection takes on top.
    connection_latency: float = 0.0
    #: Links work in any browser (``allow_magiclink_verify_without_session``).
    links_without_session: bool = True
    #: The nonce of a link comes back in its ID token.
    link_nonce: bool = True
    #: Asking for multi-factor at /authorize has an effect (an Action listens).
    mfa_on_request: bool = True
    #: Name of what comes to the callback instead of a code; ``None`` for the code.
    callback_fault: str | None = None
    #: Something on the way follows every link that is mailed.
    mail_scanner: bool = False
    #: ``mfa_required`` comes with 403, or with 401.
    mfa_required_status: int = 403
    #: Links of people with a second factor meet ``mfa_required`` at the exchange.
    mfa_for_links: bool = True
    #: Authenticators are listed with ``type`` (a feature Auth0 switches on).
    authenticators_have_type: bool = True
    #: Authenticators are listed with ``oob_channels``, a list, for ``oob_channel``.
    oob_channels_as_list: bool = False
    #: The first enrollment gives recovery codes.
    recovery_codes: bool = True
    #: Enrolling a text brings the call along, a push the authenticator app.
    paired_factors: bool = True
    #: Factors that cannot be enrolled, e.g. ``sms voice``.
    disabled_factors: str = ""
    #: How pushes are answered by themselves: ``approve``, ``deny``; ``None`` waits for a person.
    push_answer: str | None = None
    #: Polls answered with ``authorization_pending`` before that.
    push_pending: int = 0
    #: Name of the row a denied push is answered with.
    push_denial: str = "push_denied"
    #: Name of the row that sending a second factor fails with; ``None`` while it works.
    mfa_delivery_error: str | None = None
    #: Limits of second factors: 10 wrong codes an hour, 12 exchanges a minute, messages sent.
    mfa_limits: bool = True
    #: What the mail template makes of a code, e.g. ``https://site/link/#code={{ code }}``.
    mail_link: str | None = None

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a switch; raise ValueError for a name, type or choice that does not fit."""
        defaults = {field.name: field.default for field in fields(self)}
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
    *("access_denied", "blocked", "expired", "wrong_code", "login_required"),
    *("consent_required", "interaction_required", "invalid_request", "server_error"),
    *("temporarily_unavailable", "hostile_text", "neither", "fragment"),
)

#: The switches whose values have names.
CHOICES: dict[str, tuple[str, ...]] = {
    "token_fault": tuple(TOKEN_FAULTS),
    "bot_detection": tuple(START),
    "sms_error": tuple(START),
    "callback_fault": CALLBACK_FAULTS,
    "push_answer": ("approve", "deny"),
    "push_denial": ("push_denied", "push_denied_as_invalid_grant"),
    "mfa_delivery_error": tuple(CHALLENGE),
    "algorithm": ("RS256", "PS256", "HS256"),
}


def _fits(value: Any, default: Any) -> bool:
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, (int, float)):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, str) or (value is None and default is None)
