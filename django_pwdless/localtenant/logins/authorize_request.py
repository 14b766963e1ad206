"""What a site asks for at /authorize, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django_pwdless.localtenant.clients.client import Client

from .authentication import DEFAULT_SCOPE

MULTI_FACTOR = "http://schemas.openid.net/pape/policies/2007/06/multi-factor"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
PROMPTS = (None, "none", "login", "consent", "select_account")


class BadRequest(Exception):
    """Raised for a parameter that does not fit; its text is the ``error_description``."""


@dataclass(frozen=True)
class AuthorizeRequest:
    """One request to /authorize (OpenID Connect Core 3.1.2.1, RFC 7636 4.3)."""

    client: Client
    redirect_uri: str
    scope: str
    state: str | None
    nonce: str | None
    challenge: str | None
    connection: str | None
    login_hint: str
    prompt: str | None
    max_age: int | None
    acr_values: str
    audience: str | None
    language: str | None

    @property
    def wants_mfa(self) -> bool:
        """Whether a second factor is asked for by ``acr_values``."""
        return MULTI_FACTOR in self.acr_values.split()


def read_request(client: Client, query: Mapping[str, str]) -> AuthorizeRequest:
    """Return the request that ``query`` makes; raise BadRequest."""
    if query.get("response_type") != "code":
        raise BadRequest("response_type must be code")
    if query.get("response_mode", "query") != "query":
        raise BadRequest("response_mode must be query")
    prompt, max_age = query.get("prompt") or None, query.get("max_age") or None
    if prompt not in PROMPTS:
        raise BadRequest("unknown prompt")
    if max_age is not None and not (max_age.isascii() and max_age.isdigit()):
        raise BadRequest("max_age must be a number of seconds")
    return AuthorizeRequest(
        client=client,
        redirect_uri=query["redirect_uri"],
        scope=query.get("scope") or DEFAULT_SCOPE,
        state=query.get("state"),
        nonce=query.get("nonce"),
        challenge=_challenge(query),
        connection=_connection(client, query),
        login_hint=query.get("login_hint", ""),
        prompt=prompt,
        max_age=None if max_age is None else int(max_age[:9]),
        acr_values=query.get("acr_values", ""),
        audience=query.get("audience") or None,
        language=(query.get("ui_locales") or "").partition(" ")[0] or None,
    )


def _challenge(query: Mapping[str, str]) -> str | None:
    challenge, method = query.get("code_challenge"), query.get("code_challenge_method")
    if challenge is None and method is None:
        return None
    if method != "S256":
        raise BadRequest("code_challenge_method must be S256")
    if challenge is None or not CHALLENGE.fullmatch(challenge):
        raise BadRequest("code_challenge must be 43 characters of base64url")
    return challenge


def _connection(client: Client, query: Mapping[str, str]) -> str | None:
    connection = query.get("connection") or None
    if connection is not None and connection not in client.connections:
        raise BadRequest("the connection was not found")
    return connection
