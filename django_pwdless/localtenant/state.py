"""All that the tenant knows, and how to forget it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from .access_tokens import AccessTokens
from .clients import Client, Clients
from .clock import Clock
from .codes import Codes
from .faults import Faults
from .inbox import Inbox, Message
from .keys import SigningKeys
from .limits import Limits
from .people import People
from .recorder import RecordedRequest
from .switches import Switches


class State:
    """The stores of one tenant; ``lock`` is held while an endpoint works on them."""

    def __init__(
        self,
        default_client: Callable[[], Client],
        on_message: Callable[[Message], None] | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.base_url = ""
        self._default_client = default_client
        self._on_message = on_message
        self.faults = Faults()
        self.reset()

    @property
    def issuer(self) -> str:
        """The ``iss`` of tokens: the base URL and a slash."""
        return f"{self.base_url}/"

    def reset(self) -> None:
        """Forget people, messages, requests, keys, limits and all that was switched."""
        with self.lock:
            self.faults.recover()
            self.clock = Clock()
            self.switches = Switches()
            self.keys = SigningKeys()
            self.people = People()
            self.inbox = Inbox(self._on_message)
            self.codes = Codes(self.clock, self.switches)
            self.limits = Limits(self.clock, self.switches)
            self.access_tokens = AccessTokens(self.clock)
            self.requests: list[RecordedRequest] = []
            self.connections: set[int] = set()
            self.was_forging = False
            self._reset_clients()

    def _reset_clients(self) -> None:
        self.default_client = self._default_client()
        self.clients = Clients(self.issuer, self.switches)
        self.clients.add(self.default_client)

    def listen_at(self, base_url: str) -> None:
        """Take ``base_url`` as the tenant's own."""
        self.base_url = base_url
        self.clients.issuer = self.issuer
