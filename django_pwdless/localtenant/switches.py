"""How the tenant is configured to behave: one field a switch, all with a default."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass
class Switches:
    """What can be changed about the tenant while it runs."""

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
    #: What the mail template makes of a code, e.g. ``https://site/link/#code={{ code }}``.
    mail_link: str | None = None

    def change(self, name: str, value: Any) -> None:
        """Set one switch by name; raise ValueError for a name or type that does not fit."""
        default = {field.name: field.default for field in fields(self)}
        if name not in default:
            raise ValueError(f"no switch {name!r}; there are {', '.join(default)}")
        setattr(self, name, _fitting(name, value, default[name]))


def _fitting(name: str, value: Any, default: Any) -> Any:
    if isinstance(default, bool):
        fits = isinstance(value, bool)
    elif isinstance(default, (int, float)):
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    else:
        fits = isinstance(value, str) or (value is None and default is None)
    if not fits:
        raise ValueError(f"{value!r} does not fit the switch {name!r}")
    return value
