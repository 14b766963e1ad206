"""Refresh tokens: exchange one for fresh tokens, or end it."""

from __future__ import annotations

from .http.transport import Caller, Transport
from .token_endpoint import TokenEndpoint
from .types import TokenSet

REVOKE_PATH = "/oauth/revoke"


class RefreshTokens:
    """The refresh grant of ``/oauth/token``, and ``/oauth/revoke``."""

    def __init__(self, transport: Transport, tokens: TokenEndpoint) -> None:
        self._transport = transport
        self._tokens = tokens

    def refresh(self, refresh_token: str, *, caller: Caller | None = None) -> TokenSet:
        """Exchange a refresh token (RFC 6749, section 6). Never retried.

        With rotation the answer holds another one, and the one given is used up. Raises
        ``InvalidCode`` for one that is over, ``MFARequired``, ``AnswerLost`` where it may have been
        used up all the same, or another member of the ``Auth0Error`` family. Source: Auth0,
        "Refresh Token" (Authentication API).
        """
        fields = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._tokens.refresh(fields, caller)

    def revoke(
        self,
        refresh_token: str,
        *,
        caller: Caller | None = None,
        within: float | None = None,
    ) -> None:
        """End a refresh token; one that is over already is no error.

        ``within`` are the seconds that it may take, where that is less than the client's time-outs.
        Raises a member of the ``Auth0Error`` family. Source: Auth0, "Revoke Refresh Token".
        """
        body = {"token": refresh_token}
        self._transport.tell(REVOKE_PATH, body, caller=caller, within=within)
