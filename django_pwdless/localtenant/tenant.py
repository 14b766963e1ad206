"""LocalTenant: the local stand-in for an Auth0 tenant, as tests and people hold it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from .application import Application
from .claim_faults import ABSENT
from .clients import Client
from .clock import Clock
from .errors import Row
from .faults import ArmedFault, named_fault
from .id_tokens import draft_token
from .inbox import Inbox, Message
from .issue import Authentication, id_claims
from .keys import SigningKeys
from .people import Person, subject
from .recorder import RecordedRequest
from .registration import new_client
from .server import Server
from .state import State
from .switches import Switches
from .tls import Authority
from .token_faults import check_name, spoil

CLIENT_ID = "local-client-id"


class LocalTenant:
    """A tenant on this machine, over real HTTP.

    Use it as a context manager, or by :meth:`start` and :meth:`stop`. It listens on loopback
    only, sends nothing anywhere, and keeps what it "sent" in :attr:`inbox`. With ``tls`` it
    speaks https with a certificate of :attr:`ca_file`. ``on_message`` is called with every
    message. Raises ValueError for a ``host`` that is not loopback.
    """

    def __init__(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        tls: bool = False,
        client_id: str = CLIENT_ID,
        client_secret: str | None = None,
        client_kind: str = "secret",
        on_message: Callable[[Message], None] | None = None,
    ) -> None:
        secret = client_secret or secrets.token_urlsafe(32)
        self.state = State(lambda: new_client(client_kind, client_id, secret), on_message)
        self.state.faults.on_change = self._follow_faults
        self._authority = Authority() if tls else None
        context = self._authority.context() if self._authority else None
        self._server = Server(host, port, Application(self.state), context)
        self._is_started = False

    def __enter__(self) -> LocalTenant:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> LocalTenant:
        """Listen, and return the tenant."""
        self._server.listen()
        self._is_started = True
        host = f"[{self._server.host}]" if ":" in self._server.host else self._server.host
        scheme = "https" if self._authority else "http"
        self.state.listen_at(f"{scheme}://{host}:{self._server.port}")
        return self

    def stop(self) -> None:
        """Let go of calls that hang, close every connection and stop listening."""
        self._is_started = False
        self.state.faults.recover()
        self._server.stop()
        if self._authority:
            self._authority.close()

    @property
    def is_running(self) -> bool:
        """Whether the tenant was started and not stopped."""
        return self._is_started

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
    def ca_file(self) -> str:
        """Path of the PEM that a client must trust; raises ValueError without TLS."""
        if self._authority is None:
            raise ValueError("this tenant was made without tls=True")
        return self._authority.ca_file

    @property
    def client(self) -> Client:
        """The application that :attr:`settings` are for."""
        return self.state.default_client

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
        name = client_id or f"client-{secrets.token_hex(8)}"
        return self.state.clients.add(new_client(kind, name, secrets.token_urlsafe(32)))

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
    ) -> Person:
        """Add somebody with an account; raise ValueError with neither address nor number."""
        return self.state.add_person(
            email,
            phone_number,
            sub,
            claims,
            blocked=blocked,
            email_verified=email_verified,
            denied=denied,
            name=name,
        )

    def fail(self, path: str, fault: str, times: int | None = None, after: bool = False) -> None:
        """Let calls of ``path`` (``"*"`` for all) go wrong, ``times`` times or until recovered.

        ``fault`` is one of :data:`~.faults.FAULTS` or of the path's error table; with ``after``
        the endpoint does its work before its answer is spoiled. ``refused`` closes the listener,
        so that it holds for every path, until :meth:`recover`. Raises ValueError for a name
        there is not.
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
        row = Row(status, error, description, extra, headers or {})
        fault = ArmedFault(path, "answer", times, answer=lambda _: row.to_response())
        self.state.faults.arm(fault)

    @property
    def is_worn(self) -> bool:
        """Whether a site may remember keys that the tenant will not sign with again."""
        return self.keys.rotations > 0 or self.state.was_forging

    def recover(self, path: str | None = None) -> None:
        """End the faults of one path, or all; calls that hang are let go."""
        self.state.faults.recover(path)

    def rotate_keys(self, keep_old: bool = False) -> None:
        """Sign with a new key; the old one is dropped unless ``keep_old``."""
        self.keys.rotate(keep_old)

    def id_token(self, fault: str | None = None, **claims: Any) -> str:
        """Return an ID token as a login would get it, with ``claims`` on top.

        A claim of ``...`` is left out; ``fault`` names a way in which the token is wrong.
        """
        check_name(fault)
        person = Person(subject("email", "ann@example.com"), email="ann@example.com")
        login = Authentication(self.client, person, "openid profile email", None, "email")
        wanted = {name: ABSENT if value is ... else value for name, value in claims.items()}
        merged = {**id_claims(self.state, login), **wanted}
        kept = {name: value for name, value in merged.items() if value is not ABSENT}
        draft = draft_token(self.state, self.client, kept)
        token: str = draft.sign() if fault is None else spoil(draft, fault)
        return token

    def reset(self) -> None:
        """Forget everything that happened and everything that was switched or added."""
        self.state.reset()

    def _follow_faults(self) -> None:
        if self.state.faults.is_refusing:
            self._server.refuse()
        elif self._is_started:
            self._server.listen()
