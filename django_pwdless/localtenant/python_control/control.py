"""Everything on a tenant that can be looked at and changed while it runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django_pwdless.localtenant.answers.refusals import ErrorRow
from django_pwdless.localtenant.clients.client import Client
from django_pwdless.localtenant.clock import Clock
from django_pwdless.localtenant.faults.armed import ArmedFault, named_fault
from django_pwdless.localtenant.logins.challenges import APPROVED, DENIED
from django_pwdless.localtenant.people.people import Person
from django_pwdless.localtenant.people.totp import code_of, step_at
from django_pwdless.localtenant.records.inbox import Inbox
from django_pwdless.localtenant.records.recorded_requests import RecordedRequest
from django_pwdless.localtenant.signing.keys import SigningKeys
from django_pwdless.localtenant.switches import Switches

from .logouts import LogoutControl


class PythonControl(LogoutControl):
    """The face of a tenant's :class:`~.state.State` for Python."""

    @property
    def base_url(self) -> str:
        """Scheme, host and port."""
        return self.state.base_url

    @property
    def domain(self) -> str:
        """The value for ``PWDLESS["DOMAIN"]``: an http origin, or with TLS host and port."""
        return self.base_url.removeprefix("https://")

    @property
    def issuer(self) -> str:
        """The ``iss`` of the tenant's tokens."""
        return self.state.issuer

    @property
    def client_id(self) -> str:
        """Id of the default application."""
        return self.client.client_id

    @property
    def client_secret(self) -> str | None:
        """Secret of the default application; ``None`` where it has none."""
        return self.client.secret

    @property
    def settings(self) -> dict[str, Any]:
        """The keys of ``PWDLESS`` that lead to this tenant."""
        return self.settings_for(self.client)

    def settings_for(self, client: Client) -> dict[str, Any]:
        """Return the keys of ``PWDLESS`` for one application."""
        return self.state.settings_for(client)

    def add_client(self, kind: str = "secret", client_id: str | None = None) -> Client:
        """Register an application: ``secret``, ``private_key`` or ``public``."""
        return self.state.add_client(kind, client_id)

    @property
    def switches(self) -> Switches:
        """All that can be configured."""
        return self.state.switches

    @property
    def sign_ups(self) -> bool:
        """Whether unknown people may sign in; ``False`` is "Disable Sign Ups"."""
        return self.switches.sign_ups

    @sign_ups.setter
    def sign_ups(self, value: bool) -> None:
        self.switches.sign_ups = value

    @property
    def token_fault(self) -> str | None:
        """How the next ID tokens are wrong; ``None`` for good ones."""
        return self.switches.token_fault

    @token_fault.setter
    def token_fault(self, name: str | None) -> None:
        self.switches.token_fault = name

    @property
    def inbox(self) -> Inbox:
        """What was "sent"."""
        return self.state.inbox

    @property
    def clock(self) -> Clock:
        """The tenant's time."""
        return self.state.clock

    @property
    def keys(self) -> SigningKeys:
        """The signing keys."""
        return self.state.keys

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every call so far, oldest first."""
        return list(self.state.requests)

    def calls(self, path: str) -> list[RecordedRequest]:
        """Return the calls of one path."""
        return [request for request in self.requests if request.path == path]

    @property
    def connections(self) -> int:
        """How many TCP connections have carried calls (pages and control do not count)."""
        return len(self.state.connections)

    def add_person(
        self,
        email: str | None = None,
        phone_number: str | None = None,
        blocked: bool = False,
        email_verified: Any = True,
        claims: dict[str, Any] | None = None,
        denied: bool = False,
        sub: str | None = None,
        name: str | None = None,
        factors: Iterable[str | dict[str, Any]] = (),
        **more: Any,
    ) -> Person:
        """Add somebody with an account; raise ValueError with neither address nor number.

        ``factors`` are names (``otp``, ``sms``, ``voice``, ``email``, ``push-notification``,
        ``recovery-code``) or dicts of the attributes of
        :class:`~.people.authenticators.Authenticator`. Whoever has some is asked for one; ``mfa``
        and the rest as :class:`~.people.people.Person` tells.
        """
        return self.state.add_person(
            email,
            phone_number,
            sub,
            claims,
            blocked=blocked,
            email_verified=email_verified,
            denied=denied,
            name=name,
            factors=factors,
            **more,
        )

    def fail(self, path: str, fault: str, times: int | None = None, after: bool = False) -> None:
        """Let calls of ``path`` (``"*"`` for all) go wrong, ``times`` times or until recovered.

        ``fault`` is one of :data:`~.faults.armed.FAULTS` or of the path's error table; with
        ``after`` the endpoint does its work before its answer is spoiled. ``refused`` closes the
        listener, so that it holds for every path, until :meth:`recover`. Raises ValueError for a
        name there is not.
        """
        self.state.faults.arm(named_fault(path, fault, times, after))

    def answer(
        self,
        path: str,
        status: int,
        error: str | None = None,
        description: str | None = None,
        times: int | None = None,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        """Answer calls of ``path`` with an error of one's own; ``extra`` are more members."""
        row = ErrorRow(status, error, description, extra, headers or {})
        fault = ArmedFault(path, "answer", times, answer=lambda _: row.to_response())
        self.state.faults.arm(fault)

    @property
    def is_worn(self) -> bool:
        """Whether a site may remember keys that the tenant will not sign with again."""
        return self.keys.rotations > 0 or self.state.was_forging

    def recover(self, path: str | None = None) -> None:
        """End the faults of one path, or all; calls that hang are let go."""
        self.state.faults.recover(path)

    def approve_push(self, number: int | None = None) -> None:
        """Approve the newest push, or that one; raise LookupError where none waits."""
        self.state.challenges.answer(number, APPROVED)

    def deny_push(self, number: int | None = None) -> None:
        """Deny the newest push, or that one; raise LookupError where none waits."""
        self.state.challenges.answer(number, DENIED)

    def totp(self, person: Person) -> str:
        """Return the code that the person's authenticator app shows now."""
        secret = person.factor("otp").secret or ""
        return code_of(secret, step_at(self.clock.now()))

    def rotate_keys(self, keep_old: bool = False) -> None:
        """Sign with a new key; the old one is dropped unless ``keep_old``."""
        self.keys.rotate(keep_old)

    def reset(self) -> None:
        """Forget everything that happened and everything that was switched or added."""
        self.state.reset()
