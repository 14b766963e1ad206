"""All that the tenant knows, and how to forget it."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from .clients.api import Apis
from .clients.client import Client, new_client
from .clients.registry import Clients
from .clock import Clock
from .faults.armed import Faults
from .issued.access_tokens import AccessTokens
from .issued.refresh_tokens import RefreshTokens
from .logins.authorizations import Authorizations
from .logins.browser_sessions import BrowserSessions
from .logins.challenges import Challenges
from .logins.client_sessions import ClientSessions
from .logins.codes import Codes
from .logins.interactions import Interactions
from .logins.limits import Bucket, Limits
from .logins.mfa_transactions import MfaTransactions
from .people.people import People, Person, enrolled, subject
from .records.inbox import Inbox, Message
from .records.logout_deliveries import LogoutDelivery
from .records.recorded_requests import RecordedRequest
from .signing.keys import SigningKeys
from .switches import Switches

#: Requests kept; older ones are forgotten.
KEPT = 20_000


class State:
    """The stores of one tenant; ``lock`` is held while an endpoint works on them."""

    def __init__(
        self,
        default_client: Callable[[], Client],
        listeners: list[Callable[[Message], None]],
        populate: Callable[[State], None] = lambda state: None,
    ) -> None:
        self.lock: threading.RLock = threading.RLock()
        self.base_url: str = ""
        self._default_client = default_client
        self.listeners = listeners
        self._populate = populate
        self.faults: Faults = Faults()
        self.reset()

    @property
    def issuer(self) -> str:
        """The ``iss`` of tokens: the base URL and a slash."""
        return f"{self.base_url}/"

    @property
    def mfa_audience(self) -> str:
        """The audience of access tokens for the MFA API."""
        return f"{self.issuer}mfa/"

    @property
    def management_audience(self) -> str:
        """The audience of access tokens for the Management API."""
        return f"{self.issuer}api/v2/"

    def reset(self) -> None:
        """Forget messages, requests, keys, limits, all that was switched and whoever was added."""
        with self.lock:
            self.faults.recover()
            self.clock: Clock = Clock()
            self.switches: Switches = Switches()
            self.keys: SigningKeys = SigningKeys()
            self.people: People = People()
            self.apis: Apis = Apis()
            self.inbox: Inbox = Inbox(self.listeners)
            self.codes: Codes = Codes(self.clock, self.switches)
            self.limits: Limits = Limits(self.clock, self.switches)
            self.management_bucket: Bucket = Bucket(self.clock)
            self.authorizations: Authorizations = Authorizations(self.clock)
            self.browser_sessions: BrowserSessions = BrowserSessions(self.clock)
            self.client_sessions: ClientSessions = ClientSessions()
            self.interactions: Interactions = Interactions(self.clock)
            self.mfa: MfaTransactions = MfaTransactions(self.clock)
            self.challenges: Challenges = Challenges(self.clock)
            self.access_tokens: AccessTokens = AccessTokens(self.clock)
            self.refresh_tokens: RefreshTokens = RefreshTokens(self.clock, self.switches)
            self.requests: deque[RecordedRequest] = deque(maxlen=KEPT)
            self.logout_deliveries: deque[LogoutDelivery] = deque(maxlen=KEPT)
            self.connections: set[int] = set()
            self.was_forging: bool = False
            self._reset_clients()
            self._populate(self)

    def _reset_clients(self) -> None:
        self.default_client: Client = self._default_client()
        self.clients: Clients = Clients(self.issuer, self.switches)
        self.clients.add(self.default_client)

    def add_client(self, kind: str = "secret", client_id: str | None = None) -> Client:
        """Register an application: ``secret``, ``private_key`` or ``public``; raise ValueError."""
        name = client_id or f"client-{secrets.token_hex(8)}"
        return self.clients.add(new_client(kind, name, secrets.token_urlsafe(32)))

    def settings_for(self, client: Client) -> dict[str, Any]:
        """Return the keys of ``PWDLESS`` that lead a site here as ``client``."""
        domain = self.base_url.removeprefix("https://")
        settings: dict[str, Any] = {"DOMAIN": domain, "CLIENT_ID": client.client_id}
        if client.kind == "secret":
            settings["CLIENT_SECRET"] = client.secret
        elif client.kind == "private_key":
            settings["CLIENT_ASSERTION_KEY"] = client.private_key
        return settings

    def add_person(
        self,
        email: str | None = None,
        phone_number: str | None = None,
        sub: str | None = None,
        claims: dict[str, Any] | None = None,
        factors: Iterable[str | dict[str, Any]] = (),
        **more: Any,
    ) -> Person:
        """Add somebody with an account; raise ValueError with nothing to know them by.

        Whoever has ``factors`` is asked for one, unless ``mfa`` says otherwise.
        """
        if not (email or phone_number or sub):
            raise ValueError("a person needs an email address or a phone_number")
        email = email.lower() if email else None
        sub = sub or subject("email" if email else "sms", email or str(phone_number))
        known = [enrolled(factor, email, phone_number) for factor in factors]
        more.setdefault("mfa", "challenge" if known else None)
        person = Person(sub, email, phone_number, claims=dict(claims or {}), factors=known, **more)
        return self.people.add(person)

    def listen_at(self, base_url: str) -> None:
        """Take ``base_url`` as the tenant's own."""
        self.base_url = base_url
        self.clients.issuer = self.issuer
