"""Back-channel logout, as Python asks for it."""

from __future__ import annotations

from typing import Any

from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.people.people import Person
from django_pwdless.localtenant.records.logout_deliveries import LogoutDelivery
from django_pwdless.localtenant.steps.backchannel import (
    Post,
    deliver,
    sign_out,
    unsigned_logout_token,
)
from django_pwdless.localtenant.token_faults.logout_tokens import spoil_logout_token

from .tokens import TokenControl


class LogoutControl(TokenControl):
    """Makes logout tokens, and sends them."""

    @property
    def logout_deliveries(self) -> list[LogoutDelivery]:
        """The logout tokens that were sent so far, with their answers, oldest first."""
        return list(self.state.logout_deliveries)

    def logout_token(
        self,
        sub: str | None = None,
        sid: str | None = None,
        *,
        client: Client | None = None,
        fault: str | None = None,
        **claims: Any,
    ) -> str:
        """Return a logout token of a subject, of a session, or of both.

        ``claims`` go on top, ``...`` leaves one out; ``fault`` names a way in which it is wrong.
        """
        unsigned = unsigned_logout_token(self.state, client or self.client, sub, sid)
        merged = {**unsigned.claims, **claims}
        unsigned.claims = {name: value for name, value in merged.items() if value is not ...}
        if fault is None:
            return unsigned.sign()
        self.state.was_forging = True
        return spoil_logout_token(unsigned, fault)

    def sign_out(
        self, person: Person | str, *, block: bool = False, fault: str | None = None
    ) -> list[LogoutDelivery]:
        """End the sessions of a person, or a subject, and tell each application; return answers.

        Only applications with a ``backchannel_logout_url`` that the person signed in to are told.
        ``block`` also blocks the person, ``fault`` names a way in which the tokens are wrong.
        """
        sub = person if isinstance(person, str) else person.sub
        with self.state.lock:
            known = self.state.people.by_sub(sub)
            if block and known is not None:
                known.blocked = True
            posts = sign_out(self.state, sub, fault)
        return deliver(self.state, posts)

    def replay(self, delivery: LogoutDelivery) -> LogoutDelivery:
        """Send a logout token once more."""
        names = ("client_id", "url", "sub", "sid", "token")
        post = Post(**{name: getattr(delivery, name) for name in names})
        return deliver(self.state, [post])[0]
