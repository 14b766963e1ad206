"""The redirects: to ``/authorize`` and ``/v2/logout``, and the code that comes back."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode

from .http.transport import Caller, Transport
from .token_endpoint import TokenEndpoint
from .types import TokenSet

MULTI_FACTOR = "http://schemas.openid.net/pape/policies/2007/06/multi-factor"


def code_challenge(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Authorize:
    """Universal Login and the authorization-code grant of ``/oauth/token``."""

    def __init__(self, transport: Transport, tokens: TokenEndpoint) -> None:
        self._transport = transport
        self._tokens = tokens

    @property
    def _client_id(self) -> str:
        return self._transport.credentials.client_id

    def url(
        self,
        *,
        redirect_uri: str,
        scope: str,
        state: str,
        nonce: str,
        verifier: str,
        extra: Mapping[str, str] | None = None,
    ) -> str:
        """Return the address of Universal Login, with PKCE (OpenID Connect Core 1.0, 3.1.2.1).

        ``extra`` may hold connection, login_hint, ui_locales, audience, acr_values, max_age; it
        cannot replace the parameters that protect the flow.
        """
        params = {
            **(extra or {}),
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._transport.base_url}/authorize?{urlencode(params, errors='replace')}"

    def logout_url(self, return_to: str) -> str:
        """Return the address that ends Auth0's session (Auth0, "Log Users Out of Auth0")."""
        params = {"client_id": self._client_id, "returnTo": return_to}
        return f"{self._transport.base_url}/v2/logout?{urlencode(params, errors='replace')}"

    def exchange_code(
        self,
        code: str,
        *,
        redirect_uri: str,
        verifier: str | None = None,
        caller: Caller | None = None,
    ) -> TokenSet:
        """Exchange an authorization code for tokens (RFC 6749, section 4.1.3).

        ``redirect_uri`` is the very one that was sent. ``verifier`` belongs to Universal Login
        only: magic links register no challenge. Raises ``InvalidCode`` for a code that is wrong,
        used or expired, or another member of the ``Auth0Error`` family.
        """
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if verifier is not None:
            body["code_verifier"] = verifier
        return self._tokens.exchange(body, caller)
