"""LocalTenant: the local stand-in for an Auth0 tenant, as tests and people hold it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable

from .clients.api import Api
from .clients.client import new_client
from .demo import add_people
from .python_control import PythonControl
from .records.inbox import Message
from .serving.application import Application
from .serving.server import Server
from .serving.tls import Authority
from .state import State

CLIENT_ID = "local-client-id"


class LocalTenant(PythonControl):
    """A tenant on this machine, over real HTTP.

    Use it as a context manager, or by :meth:`start` and :meth:`stop`. It listens on loopback
    only, sends nothing anywhere, and keeps what it "sent" in :attr:`inbox`. With ``tls`` it
    speaks https with a certificate of :attr:`ca_file`. ``on_message`` is called with every
    message; ``demo`` adds ready-made people, ``mail_link`` presets that switch, and APIs with
    the identifiers in ``apis`` are there. Raises ValueError for a ``host`` that is not loopback.
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
        demo: bool = False,
        mail_link: str | None = None,
        apis: Iterable[str] = (),
    ) -> None:
        secret = client_secret or secrets.token_urlsafe(32)
        listeners = [on_message] if on_message else []
        state = State(
            lambda: new_client(client_kind, client_id, secret),
            listeners,
            lambda state: _furnish(state, demo, mail_link, tuple(apis)),
        )
        super().__init__(state)
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
    def ca_file(self) -> str:
        """Path of the PEM that a client must trust; raises ValueError without TLS."""
        if self._authority is None:
            raise ValueError("this tenant was made without tls=True")
        return self._authority.ca_file

    def _follow_faults(self) -> None:
        if self.state.faults.is_refusing:
            self._server.refuse()
        elif self._is_started:
            self._server.listen()


def _furnish(state: State, demo: bool, mail_link: str | None, apis: Iterable[str]) -> None:
    """Set what a tenant begins with, and is reset to."""
    for identifier in apis:
        state.apis.add(Api(identifier))
    state.switches.mail_link = mail_link
    if demo:
        add_people(state)
