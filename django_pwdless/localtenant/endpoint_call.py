"""One call of an endpoint: the request with the stores it works on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from werkzeug.wrappers import Request, Response

from .answers.documented_errors import START, TOKEN
from .answers.refusals import Refusal
from .clients.client import Client
from .clients.registry import with_basic
from .state import State


@dataclass
class Call:
    """A request to one endpoint, ``arguments`` being those of its path."""

    state: State
    request: Request
    peer: str
    arguments: dict[str, Any]

    @property
    def is_json(self) -> bool:
        """Whether the body was sent as JSON."""
        return self.request.mimetype == "application/json"

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON object or the form; empty for anything else."""
        return parse_body(self.request)[1]

    @cached_property
    def body_or_none(self) -> dict[str, Any] | None:
        """The body, or ``None`` where it is JSON but no object, or cannot be read."""
        is_readable, body = parse_body(self.request)
        return body if is_readable else None

    def require(self, name: str) -> str:
        """Return a string of the body; raise ``invalid_request`` where it is missing."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise Refusal(TOKEN["missing_parameter"].saying(f"Missing required parameter: {name}"))
        return value

    def optional(self, name: str) -> str | None:
        """Return a string of the body, or ``None``."""
        value = self.body.get(name)
        return value if isinstance(value, str) and value else None

    def client(self) -> Client:
        """Return the authenticated client, by body or Basic header; ``invalid_client`` if not."""
        body = with_basic(self.body, self.request.headers.get("Authorization", ""))
        return self.state.clients.authenticate(body)

    def token_client(self) -> Client:
        """Return the client; here ``invalid_client`` also tells that nothing was sent."""
        try:
            return self.client()
        except Refusal as refusal:
            if refusal.row is START["unauthorized_client"]:
                raise Refusal(TOKEN["invalid_client"]) from None
            raise

    def bearer(self) -> str | None:
        """Return the token of an ``Authorization: Bearer`` header (RFC 6750 2.1)."""
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    def address(self, client: Client | None = None) -> str:
        """Return the person's address: the forwarded one of an authenticated client, if trusted."""
        forwarded = self.request.headers.get("auth0-forwarded-for")
        is_trusted = client and client.is_confidential and self.state.switches.forwarded_for_trusted
        return forwarded if forwarded and is_trusted else self.peer


View = Callable[[Call], Response]


def parse_body(request: Request) -> tuple[bool, dict[str, Any]]:
    """Return whether the body could be read, and its members."""
    if request.mimetype != "application/json":
        return True, request.form.to_dict()
    try:
        parsed = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return False, {}
    return (True, parsed) if isinstance(parsed, dict) else (False, {})
