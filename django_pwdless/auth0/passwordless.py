"""The two passwordless steps: send a code or link, exchange a code for tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .http.transport import Caller, Transport
from .token_endpoint import TokenEndpoint
from .types import TokenSet

OTP_GRANT = "http://auth0.com/oauth/grant-type/passwordless/otp"
IDENTIFIER_FIELDS = {"email": "email", "sms": "phone_number"}


class Passwordless:
    """``/passwordless/start`` and the one-time-code grant of ``/oauth/token``."""

    def __init__(self, transport: Transport, tokens: TokenEndpoint) -> None:
        self._transport = transport
        self._tokens = tokens

    def start(
        self,
        connection: str,
        identifier: str,
        *,
        send: str = "code",
        auth_params: Mapping[str, Any] | None = None,
        caller: Caller | None = None,
    ) -> None:
        """Have Auth0 send a code, or a link (email only, needs ``auth_params``).

        ``connection`` is ``email`` or ``sms``; ``identifier`` an address or an E.164 number.
        Nothing is returned: the answer tells known from unknown people. Raises a member of the
        ``Auth0Error`` family. Source: Auth0, "Get code or link".
        """
        body: dict[str, object] = {
            "connection": connection,
            IDENTIFIER_FIELDS[connection]: identifier,
            # Without this Auth0 sends a link. SMS knows only codes.
            "send": send,
        }
        if auth_params is not None:
            body["authParams"] = dict(auth_params)
        self._transport.post("/passwordless/start", body, caller=caller)

    def exchange_code(
        self,
        connection: str,
        identifier: str,
        code: str,
        *,
        scope: str,
        audience: str | None = None,
        caller: Caller | None = None,
    ) -> TokenSet:
        """Exchange a code for tokens. Never retried: a second call would spend another try.

        Raises ``InvalidCode``, ``MFARequired`` or another member of the ``Auth0Error`` family.
        Source: Auth0, "Authenticate User" (passwordless).
        """
        body = {
            "grant_type": OTP_GRANT,
            "realm": connection,
            "username": identifier,
            "otp": code,
            "scope": scope,
        }
        if audience:
            body["audience"] = audience
        return self._tokens.exchange(body, caller)
