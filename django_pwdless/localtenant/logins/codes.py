"""One-time codes: the newest only, three tries, once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from django_pwdless.localtenant.answers.documented_errors import TOKEN
from django_pwdless.localtenant.answers.refusals import ErrorRow, Refusal
from django_pwdless.localtenant.clock import Clock
from django_pwdless.localtenant.switches import Switches

TRIES = 3


@dataclass
class OneTimeCode:
    """A code that was sent, with what its link would lead to (``auth_params``)."""

    connection: str
    identifier: str
    code: str
    client_id: str
    expires_at: float
    auth_params: dict[str, Any] = field(default_factory=dict)
    failures: int = 0


class Codes:
    """The one valid code of each identifier."""

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self._clock = clock
        self._switches = switches
        self._codes: dict[tuple[str, str], OneTimeCode] = {}
        self.upcoming: list[str] = []

    def issue(
        self, connection: str, identifier: str, client_id: str, auth_params: dict[str, Any]
    ) -> OneTimeCode:
        """Return a new code; the one before it is void, and so is its count of tries."""
        code = OneTimeCode(
            connection,
            identifier,
            self.draw(),
            client_id,
            self._clock.now() + self._switches.code_lifetime,
            auth_params,
        )
        self._codes[connection, identifier] = code
        return code

    def draw(self) -> str:
        """Return the next digits: those a test put into ``upcoming``, else random ones."""
        if self.upcoming:
            return self.upcoming.pop(0)
        return "".join(secrets.choice("0123456789") for _ in range(self._switches.code_length))

    def redeem(self, connection: str, identifier: str, code: str) -> OneTimeCode:
        """Return the code and forget it, or raise the Refusal that its state calls for."""
        wrong = TOKEN["wrong_email_code" if connection == "email" else "wrong_phone_code"]
        known = self._codes.get((connection, identifier))
        if known is None:
            raise Refusal(wrong)
        if known.failures >= TRIES:
            raise Refusal(TOKEN["exhausted"])
        if not secrets.compare_digest(known.code.encode(), code.encode("utf-8", "replace")):
            raise Refusal(self._failed(known, wrong))
        if known.expires_at <= self._clock.now():
            raise Refusal(wrong if self._switches.expired_as_wrong else TOKEN["expired"])
        return self._codes.pop((connection, identifier))

    def standing(self, connection: str, identifier: str, code: str) -> str:
        """Return ``good``, ``spent`` (used or replaced), ``expired`` or ``exhausted``."""
        known = self._codes.get((connection, identifier))
        if known is None or known.code != code:
            return "spent"
        if known.failures >= TRIES:
            return "exhausted"
        return "good" if known.expires_at > self._clock.now() else "expired"

    def _failed(self, known: OneTimeCode, wrong: ErrorRow) -> ErrorRow:
        known.failures += 1
        if known.failures >= TRIES and self._switches.exhausted_on_third:
            return TOKEN["exhausted"]
        return wrong
