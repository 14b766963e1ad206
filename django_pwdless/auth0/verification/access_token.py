"""Verify an access token of an API of the tenant's, in either of Auth0's dialects (RFC 9068)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django_pwdless import exceptions as exc

from .signed_token import Claims, SignedToken

TYPES = frozenset({"at+jwt", "application/at+jwt", "jwt"})
# What only ID tokens and logout tokens have, and what ties a token to more than its bearer
# (RFC 7800, section 3.1; RFC 8693, section 4.1).
OF_OTHER_TOKENS = frozenset({"nonce", "at_hash", "c_hash", "events", "cnf", "act"})
MACHINE_GRANT = "client-credentials"
MACHINE_SUFFIX = "@clients"


@dataclass(frozen=True, eq=False, repr=False)
class BearerToken:
    """A verified access token: who calls, through which application, and what they may.

    ``subject`` is ``sub``; ``client_id`` is empty where the token names none. ``permissions`` are
    those of Auth0's roles (RBAC). ``is_machine`` tells that nobody stands behind the token but the
    application itself.
    """

    claims: Claims
    subject: str
    client_id: str
    scopes: frozenset[str]
    permissions: frozenset[str]
    is_machine: bool

    def has_scopes(self, *names: str) -> bool:
        """Whether the token has all of these scopes."""
        return self.scopes.issuperset(names)

    def __repr__(self) -> str:
        return "<BearerToken>"


@dataclass(frozen=True)
class AccessTokenVerifier:
    """Checks access tokens of one API, or several; ``clients`` may have got them, None for all."""

    rules: SignedToken
    clients: Collection[str] | None = None

    def verify(self, token: str) -> BearerToken:
        """Return what a token says that passes every rule.

        Raises a member of the ``InvalidToken`` family, or ``Unavailable`` where the key set cannot
        be had.
        """
        header, claims = self.rules.read(token)
        _check_kind(header, claims)
        client_id = _client_id(claims)
        if self.clients is not None and client_id not in self.clients:
            raise exc.InvalidAudience
        return BearerToken(
            claims=claims,
            subject=claims["sub"],
            client_id=client_id,
            scopes=_scopes(claims),
            permissions=_permissions(claims),
            is_machine=_is_machine(claims, client_id),
        )


def _check_kind(header: dict[str, Any], claims: Claims) -> None:
    """An ID token, a logout token or a token bound to a key is no bearer token."""
    kind = header.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower() not in TYPES:
        raise exc.InvalidKind
    if not OF_OTHER_TOKENS.isdisjoint(claims):
        raise exc.InvalidKind


def _client_id(claims: Claims) -> str:
    """``azp``, or ``client_id`` in the dialect of RFC 9068; both say the same."""
    named = [claims[name] for name in ("azp", "client_id") if name in claims]
    if not all(isinstance(name, str) and name for name in named) or len(set(named)) > 1:
        raise exc.InvalidClaim
    return named[0] if named else ""


def _scopes(claims: Claims) -> frozenset[str]:
    """``scope``: names between blanks (RFC 6749, section 3.3)."""
    scope = claims.get("scope", "")
    if not isinstance(scope, str):
        raise exc.InvalidClaim
    return frozenset(filter(None, scope.split(" ")))


def _permissions(claims: Claims) -> frozenset[str]:
    return frozenset(_texts(claims.get("permissions", [])))


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise exc.InvalidClaim
    return value


def _is_machine(claims: Claims, client_id: str) -> bool:
    """Whether an application got the token for itself, by the client credentials grant.

    Auth0 says so in ``gty``, which not every token has, and by the subject: the client's id, mostly
    with a suffix. No person's subject ends like that.
    """
    grants = claims.get("gty", [])
    if MACHINE_GRANT in ([grants] if isinstance(grants, str) else _texts(grants)):
        return True
    subject: str = claims["sub"]
    return subject == client_id or subject.endswith(MACHINE_SUFFIX)
