"""All applications, and how one proves to be itself."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from django_pwdless.localtenant.answers.documented_errors import START, TOKEN
from django_pwdless.localtenant.answers.refusals import Refusal
from django_pwdless.localtenant.switches import Switches

from .assertions import check_assertion, named_client
from .client import Client


@dataclass
class Clients:
    """All applications, by id."""

    issuer: str
    switches: Switches
    known: dict[str, Client] = field(default_factory=dict)

    def add(self, client: Client) -> Client:
        """Register ``client``."""
        self.known[client.client_id] = client
        return client

    def find(self, client_id: Any) -> Client:
        """Return the client with that id; raise ``invalid_client``."""
        if not isinstance(client_id, str) or client_id not in self.known:
            raise Refusal(TOKEN["invalid_client"])
        return self.known[client_id]

    def authenticate(self, body: dict[str, Any]) -> Client:
        """Return the client that ``body`` proves, by secret or assertion, or is public.

        Raises ``invalid_client`` for wrong credentials and ``unauthorized_client`` for none.
        """
        client_id = body.get("client_id") or named_client(body.get("client_assertion"))
        client = self.find(client_id)
        if not client.is_confidential:
            return client
        if not ({"client_secret", "client_assertion"} & body.keys()):
            raise Refusal(START["unauthorized_client"])
        if client.kind == "private_key":
            check_assertion(client, body, self.issuer)
        elif not _same(client.secret, body.get("client_secret")):
            raise Refusal(self._bad_secret())
        return client

    def _bad_secret(self) -> Any:
        if self.switches.bad_secret_as_access_denied:
            return TOKEN["bad_secret_as_access_denied"]
        return TOKEN["invalid_client"]


def with_basic(body: dict[str, Any], authorization: str) -> dict[str, Any]:
    """Return ``body`` with the credentials of a Basic header added (RFC 6749 2.3.1)."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return body
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Refusal(TOKEN["invalid_client"]) from None
    name, _, secret = pair.partition(":")
    return {**body, "client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}


def _same(expected: str | None, given: Any) -> bool:
    if expected is None or not isinstance(given, str):
        return False
    return secrets.compare_digest(expected.encode(), given.encode("utf-8", "replace"))
