"""Asking a tenant, within a budget of calls and no faster than it likes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django_pwdless.auth0.http.credentials import Credentials
from django_pwdless.auth0.http.errors import Answer
from django_pwdless.auth0.http.transport import Transport
from django_pwdless.conf import conf
from django_pwdless.doctor.line import CannotTell
from django_pwdless.exceptions import Unavailable
from django_pwdless.provider import TELEMETRY

from .pace import Pace

#: Connect and read; ``TIMEOUT`` where that is shorter.
TIMEOUT = (3.05, 10.0)
#: Calls without an answer, after which no more are made.
PATIENCE = 2


class Wire:
    """Calls one origin at most ``budget`` times; raises ``CannotTell`` where nothing comes back."""

    def __init__(self, base_url: str, credentials: Credentials, budget: int, interval: float):
        connect, read = conf.TIMEOUT
        timeout = (min(connect, TIMEOUT[0]), min(read, TIMEOUT[1]))
        self._transport = Transport(base_url, credentials, timeout=timeout, telemetry=TELEMETRY)
        # The limits of a plan are Auth0's: a tenant on this machine is asked as its headers say.
        self._pace = Pace(0 if base_url.startswith("http://") else interval)
        self._budget = budget
        self._unanswered = 0
        self.calls = 0

    @property
    def is_dead(self) -> bool:
        """Whether the tenant has stopped to answer."""
        return self._unanswered >= PATIENCE

    @property
    def calls_left(self) -> int:
        """How many calls may still be made."""
        return self._budget - self.calls

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        form: bool = False,
        bearer: str | None = None,
    ) -> Answer:
        """Return the answer, whatever its status."""
        if self.is_dead:
            raise CannotTell("The tenant has stopped to answer.")
        if not self.calls_left:
            raise CannotTell(f"No calls are left: one run makes at most {self._budget}.")
        self._pace.wait()
        self.calls += 1
        try:
            answer = self._transport.ask(method, path, body, form=form, bearer=bearer)
        except Unavailable as error:
            self._unanswered += 1
            raise NoAnswer(error.failure) from None
        self._pace.note(answer)
        return answer


class NoAnswer(CannotTell):
    """The tenant gave no answer; ``failure`` names what broke on the wire."""

    def __init__(self, failure: str) -> None:
        super().__init__(f"The tenant gave no answer ({failure}).")
        self.failure = failure
