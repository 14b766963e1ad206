"""``Auth0Client``: plain arguments in, dataclasses and claims out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django_pwdless.exceptions import InvalidSignature

from .authorize import Authorize
from .http.credentials import Credentials
from .http.transport import Transport
from .mfa import MFA
from .passwordless import Passwordless
from .refresh_tokens import RefreshTokens
from .token_endpoint import TokenEndpoint
from .verification.access_token import AccessTokenVerifier, BearerToken
from .verification.id_token import IDTokenVerifier
from .verification.key_cache import JWKS_PATH, KeyCache, SharedStore
from .verification.logout_token import LogoutToken, LogoutTokenVerifier
from .verification.signed_token import Claims, SignedToken


class ProcessStore:
    """A store that shares nothing: each process waits and fetches on its own."""

    def get(self, key: str) -> Any:
        """Return None: the client itself keeps what it fetched."""

    def set(self, key: str, value: Any, seconds: int) -> None:
        """Keep nothing."""

    def add(self, key: str, seconds: int) -> bool:
        """Return True: nobody else claims anything."""
        return True


class SharedSecret:
    """The key of HS256: the client secret, and never one that a token names."""

    def __init__(self, secret: str | None) -> None:
        self._secret = secret

    def key_for(
        self,
        key_id: str | None,
        *,
        before_fetch: Callable[[], object] | None = None,
        within: float | None = None,
    ) -> str:
        """Return the secret; raises ``InvalidSignature`` where there is none."""
        if not self._secret:
            raise InvalidSignature
        return self._secret

    def prepare(self) -> None:
        """Do nothing: it is at hand."""


class Auth0Client:
    """The calls of Auth0's Authentication API that the app uses; knows no Django.

    ``base_url`` is the tenant's origin without a slash, such as ``https://example.eu.auth0.com``.
    Give ``client_secret``, ``assertion_key`` (PEM text), or neither for a public client.
    ``algorithm`` is RS256, PS256, or HS256 (which needs the secret); ``leeway`` and ``timeout``
    (connect, read) are seconds; ``telemetry`` is the ``Auth0-Client`` object.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        *,
        client_secret: str | None = None,
        assertion_key: str | None = None,
        algorithm: str = "RS256",
        leeway: float = 30,
        timeout: tuple[float, float] = (3.05, 10),
        store: SharedStore | None = None,
        telemetry: Mapping[str, Any] | None = None,
    ) -> None:
        issuer = f"{base_url}/"
        credentials = Credentials(client_id, issuer, client_secret, assertion_key)
        transport = Transport(base_url, credentials, timeout=timeout, telemetry=telemetry)
        self._issuer = issuer
        self._leeway = leeway
        self._transport = transport
        self._store = store or ProcessStore()
        self._published: dict[str, KeyCache] = {}
        self._keys: KeyCache | SharedSecret = SharedSecret(client_secret)
        if algorithm != "HS256":
            self._keys = self._published_keys(algorithm)
        tokens = TokenEndpoint(transport, self._keys.prepare)
        self.passwordless: Passwordless = Passwordless(transport, tokens)
        self.authorize: Authorize = Authorize(transport, tokens)
        self.mfa: MFA = MFA(transport, tokens)
        self.refresh_tokens: RefreshTokens = RefreshTokens(transport, tokens)
        rules = SignedToken(issuer, client_id, algorithm, leeway, self._keys)
        self._id_tokens = IDTokenVerifier(rules, client_id)
        self._logout_tokens = LogoutTokenVerifier.sharing(rules)

    def verify_id_token(
        self, token: str, *, nonce: str | None = None, max_age: int | None = None
    ) -> Claims:
        """Return the claims of an ID token that passes every rule; see ``IDTokenVerifier``."""
        return self._id_tokens.verify(token, nonce=nonce, max_age=max_age)

    def verify_access_token(
        self,
        token: str,
        *,
        audience: str | tuple[str, ...],
        algorithm: str = "RS256",
        clients: Collection[str] | None = None,
    ) -> BearerToken:
        """Return what an access token says that somebody called an API with.

        ``audience`` is the API's identifier, or several; ``algorithm`` RS256 or PS256; ``clients``
        are the ids of the applications it may come from, None for all. Raises a member of the
        ``InvalidToken`` family, or ``Unavailable`` where the tenant's keys cannot be had.
        """
        keys = self._published_keys(algorithm)
        rules = SignedToken(
            self._issuer, audience, algorithm, self._leeway, keys, from_strangers=True
        )
        return AccessTokenVerifier(rules, clients).verify(token)

    def verify_logout_token(self, token: str) -> LogoutToken:
        """Return what a logout token says that the tenant sent to the site itself.

        Raises a member of the ``InvalidToken`` family, or ``Unavailable`` where the tenant's keys
        cannot be had within 2 seconds.
        """
        return self._logout_tokens.verify(token)

    def prepare_keys(self) -> None:
        """Fetch the tenant's keys where none are at hand, as each exchange does before it begins.

        Raises ``Unavailable`` where they cannot be had.
        """
        self._keys.prepare()

    def _published_keys(self, algorithm: str) -> KeyCache:
        """Return the tenant's keys for an algorithm, the same for tokens of every kind."""
        if algorithm not in self._published:
            name = f"pwdless:jwks:{algorithm}:{self._transport.base_url}"
            keys = KeyCache(self._fetch_keys, algorithm=algorithm, store=self._store, name=name)
            # Two threads at once make two, and take the same one.
            self._published.setdefault(algorithm, keys)
        return self._published[algorithm]

    def _fetch_keys(self, within: float | None = None) -> Any:
        return self._transport.get(JWKS_PATH, within=within)
